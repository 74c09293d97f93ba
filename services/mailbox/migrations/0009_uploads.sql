-- Up Migration

-- A file comes in parts, over several requests: what it is called, and then its octets, each part sealed by itself.
alter table draft_files
  -- Octets that are there; the file is whole once they are as many as it has.
  add column received bigint,
  add column touched_at timestamptz not null default now(),
  -- What a scanner said of it, where there is one: clean, or harmful; null: it has not said anything yet.
  add column verdict text check (verdict in ('clean', 'harmful')),
  -- How often it could not be asked, and until when nobody else asks it.
  add column failed_checks int not null default 0,
  add column checked_until timestamptz;
update draft_files set content = jsonb_build_array(content), received = size;
alter table draft_files alter column received set not null;
alter table draft_files rename column content to parts;
create index draft_files_not_whole on draft_files (touched_at) where received < size;
create index draft_files_not_checked on draft_files (checked_until nulls first, added_at) where received = size and verdict is null;

-- Down Migration

delete from draft_files where received < size or verdict = 'harmful' or jsonb_array_length(parts) <> 1;
drop index draft_files_not_whole, draft_files_not_checked;
alter table draft_files rename column parts to content;
update draft_files set content = content -> 0;
alter table draft_files drop column received, drop column touched_at, drop column verdict, drop column failed_checks,
  drop column checked_until;
