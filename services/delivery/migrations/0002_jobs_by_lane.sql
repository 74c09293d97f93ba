-- Up Migration

-- The next jobs of each lane, however many wait behind them.
create index jobs_by_lane on jobs (lane, due_at);
drop index jobs_due;

-- Down Migration

create index jobs_due on jobs (due_at);
drop index jobs_by_lane;
