-- Up Migration

-- The next jobs of each lane, however many wait behind them.
create index jobs_by_lane on jobs (lane, due_at);
drop index jobs_due;
-- No query asks for it.
drop index jobs_by_email;

-- Down Migration

create index jobs_due on jobs (due_at);
create index jobs_by_email on jobs (email_id);
drop index jobs_by_lane;
