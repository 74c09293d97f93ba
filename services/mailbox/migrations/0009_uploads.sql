-- Up Migration

-- A file comes in parts, over several requests: what it is called, and then its octets, each part sealed by itself.
alter table draft_files
  -- Octets that are there; the file is whole once they are as many as it has.
  add column received bigint,
  add column touched_at timestamptz not null default now();
update draft_files set content = jsonb_build_array(content), received = size;
alter table draft_files alter column received set not null;
alter table draft_files rename column content to parts;
create index draft_files_not_whole on draft_files (touched_at) where received < size;

-- Down Migration

delete from draft_files where received < size or jsonb_array_length(parts) <> 1;
drop index draft_files_not_whole;
alter table draft_files rename column parts to content;
update draft_files set content = content -> 0;
alter table draft_files drop column received, drop column touched_at;
