-- Up Migration

-- Finds the oldest email that is not settled, however many are.
create index emails_oldest_unsettled on emails (accepted_at) where settled_at is null;

-- Down Migration

drop index emails_oldest_unsettled;
