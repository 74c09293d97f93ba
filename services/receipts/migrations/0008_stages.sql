-- Up Migration

-- What an email that is not finished waits for, and since when; null: finished, or not looked at since this came.
alter table emails add column stage text, add column stage_since timestamptz;
update emails set stage = 'delivery', stage_since = coalesce(under_way_since, accepted_at) where settled_at is null;
update emails set stage = 'decision', stage_since = settled_at where settled_at is not null and state = 'held';
create index emails_by_stage on emails (stage, stage_since) where stage is not null;
drop index emails_oldest_unsettled;

-- Down Migration

create index emails_oldest_unsettled on emails (accepted_at) where settled_at is null;
drop index emails_by_stage;
alter table emails drop column stage, drop column stage_since;
