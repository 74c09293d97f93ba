-- Up Migration

-- Since when an email is not found by what its events say; null: it is, or what is kept of it was changed.
alter table emails add column unfindable_since timestamptz;
update emails set unfindable_since = now() where not findable;
alter table emails alter column unfindable_since set default now();
create index emails_unfindable on emails (unfindable_since) where not findable and unfindable_since is not null;

-- Down Migration

drop index emails_unfindable;
alter table emails drop column unfindable_since;
