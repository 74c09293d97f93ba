-- Up Migration

-- Since when a content is there, by the clock of the database: those of who puts and of who looks may differ. What is
-- there already counts from now.
alter table contents add column stored_at timestamptz not null default now();
create index contents_by_age on contents (stored_at, content_id) where finished_at is not null;

-- How far the search for contents that nobody knows has come.
create table unreferenced_search (
  only_row boolean primary key default true check (only_row),
  stored_at timestamptz not null default '-infinity',
  content_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into unreferenced_search default values;

-- Down Migration

drop table unreferenced_search;
drop index contents_by_age;
alter table contents drop column stored_at;
