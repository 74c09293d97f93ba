-- Up Migration

-- The sender was told that it takes long; or is not to be, as one who wrote from outside.
alter table emails add column delay_told boolean not null default false;
create index emails_taking_long on emails (accepted_at)
  where settled_at is null and not delay_told and not deadline_missed and decisions = 0;

-- What is to be listed in a sender's next digest. No projection: a line goes when the digest is issued, and never comes back.
create table digest_entries (
  email_id uuid primary key,
  tenant_id text not null,
  due_at timestamptz not null
);
create index digest_entries_due on digest_entries (due_at);

-- Down Migration

drop table digest_entries;
drop index emails_taking_long;
alter table emails drop column delay_told;
