-- Up Migration

-- When there was a hold or a decision last that the sender was not told of.
alter table emails add column news_since timestamptz;
create index emails_with_news on emails (news_since) where news_since is not null and settled_at is null;

-- Since when somebody is under way of whom nobody was told that it takes long.
alter table emails add column under_way_since timestamptz;
update emails set under_way_since = accepted_at
  where settled_at is null and not delay_told and not deadline_missed and decisions = 0;
drop index emails_taking_long;
create index emails_taking_long on emails (under_way_since) where under_way_since is not null;

-- The deadline counts: it was not missed yet, and somebody is not settled about whom no person had to decide.
alter table emails add column promised boolean not null default false;
update emails set promised = true where settled_at is null and not deadline_missed and decisions = 0;
drop index emails_unsettled;
create index emails_promised on emails (deadline_at) where promised;

-- `decisions` and `delay_told` stay for now: while one release takes the place of the other, the former still writes them.

-- Down Migration

drop index emails_promised;
create index emails_unsettled on emails (deadline_at) where settled_at is null and not deadline_missed;
drop index emails_taking_long;
create index emails_taking_long on emails (accepted_at)
  where settled_at is null and not delay_told and not deadline_missed and decisions = 0;
drop index emails_with_news;
alter table emails drop column news_since, drop column under_way_since, drop column promised;
