-- Up Migration

-- What became of the promise, and when everybody had been settled for the first time; null: not looked at since this came.
alter table emails add column promise text, add column settled_first_at timestamptz;
drop index emails_for_pictures;
create index emails_for_pictures on emails (tenant_id, accepted_at)
  include (promise, settled_first_at, settled_at, deadline_at, state);

-- Down Migration

drop index emails_for_pictures;
create index emails_for_pictures on emails (tenant_id, accepted_at) include (settled_at, deadline_at, state);
alter table emails drop column promise, drop column settled_first_at;
