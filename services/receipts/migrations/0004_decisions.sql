-- Up Migration

-- Decisions about held recipients so far: the promise of ten minutes ends with the first.
alter table emails add column decisions int not null default 0;
-- When the sender is to be reminded of what is held.
alter table emails add column remind_at timestamptz;
create index emails_to_remind on emails (remind_at) where remind_at is not null;

-- Down Migration

drop index emails_to_remind;
alter table emails drop column decisions, drop column remind_at;
