-- Up Migration

-- unscannable: the scanner says that it could not look into all of it, and never will.
alter table draft_files drop constraint draft_files_verdict_check,
  add constraint draft_files_verdict_check check (verdict in ('clean', 'harmful', 'unscannable'));

-- Down Migration

delete from draft_files where verdict = 'unscannable';
alter table draft_files drop constraint draft_files_verdict_check,
  add constraint draft_files_verdict_check check (verdict in ('clean', 'harmful'));
