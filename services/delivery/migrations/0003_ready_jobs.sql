-- Up Migration

-- Set once a job's time has come, so that who looks for work walks over lanes that have some, and over no others.
-- Only a short cut: whether a job is due says due_at.
alter table jobs add column ready boolean not null default false;
update jobs set ready = true where due_at <= now();
create index jobs_ready on jobs (lane, due_at) where ready;
create index jobs_put_off on jobs (due_at) where not ready;
drop index jobs_by_lane;

-- Down Migration

create index jobs_by_lane on jobs (lane, due_at);
drop index jobs_put_off;
drop index jobs_ready;
alter table jobs drop column ready;
