-- Up Migration

-- Which key-encryption keys the data keys were wrapped by, so that a wrong one is refused at start.
create table key_encryption_keys (
  id text primary key,
  first_used_at timestamptz not null default now()
);

-- One for each email. An erased one stays, without its key, so that nothing is ever put there again.
create table data_keys (
  email_id uuid primary key,
  -- Null where an email was erased before it had a key.
  tenant_id text,
  kek_id text references key_encryption_keys,
  wrapped bytea,
  erased_at timestamptz,
  check ((wrapped is null) = (erased_at is not null)),
  check (wrapped is null or (tenant_id is not null and kek_id is not null))
);

create table contents (
  content_id uuid primary key,
  email_id uuid not null references data_keys,
  begun_at timestamptz not null,
  -- A content is there once these three are.
  finished_at timestamptz,
  chunks int,
  size bigint,
  check ((finished_at is null) = (chunks is null) and (finished_at is null) = (size is null))
);
create index contents_by_email on contents (email_id);
create index contents_unfinished on contents (begun_at) where finished_at is null;

create table chunks (
  content_id uuid not null references contents on delete cascade,
  index int not null,
  data bytea not null,
  primary key (content_id, index)
);
-- Ciphertext does not compress.
alter table chunks alter column data set storage external;

-- Down Migration

drop table chunks, contents, data_keys, key_encryption_keys;
