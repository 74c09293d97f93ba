-- Up Migration

-- What belongs together: what was written to somebody, and what he answered.
alter table messages add column conversation_id uuid;
update messages set conversation_id = message_id;
alter table messages alter column conversation_id set not null;
-- When its sender took it back.
alter table messages add column withdrawn_at timestamptz;
create index messages_of_conversation on messages (conversation_id);

-- Digests of Message-IDs, with whose they are: what answers one of them belongs to its conversation.
create table conversation_keys (
  tenant_id text not null,
  person bytea not null,
  key bytea not null,
  conversation_id uuid not null,
  ends_at timestamptz not null,
  primary key (tenant_id, person, key)
);
create index conversation_keys_by_end on conversation_keys (ends_at);

-- Answers under way, one for each message. Their words and files lie in the vault, under a data key of their own.
create table drafts (
  -- Names the stream of the email that it becomes.
  draft_id uuid primary key,
  tenant_id text not null,
  person bytea not null,
  message_id uuid not null,
  -- Where its text lies; null where there is none yet.
  said jsonb,
  -- Octets that were put for it, those that were taken out again among them: they lie in the vault until it ends.
  put_octets bigint not null default 0,
  -- Until when it is being sent by somebody, who ends it or lets it go before: nothing of it changes meanwhile.
  busy_until timestamptz,
  -- Its contents are being erased, and then it goes, too.
  is_ending boolean not null default false,
  changed_at timestamptz not null
);
create unique index drafts_of_message on drafts (message_id) where not is_ending;
create index drafts_by_change on drafts (changed_at);

create table draft_files (
  file_id uuid primary key,
  draft_id uuid not null references drafts on delete cascade,
  content jsonb not null,
  size bigint not null,
  added_at timestamptz not null
);
create index draft_files_of_draft on draft_files (draft_id, added_at);

-- What was sent.
create table replies (
  reply_id uuid primary key,
  tenant_id text not null,
  person bytea not null,
  message_id uuid not null,
  conversation_id uuid not null,
  -- What its writer sees of it.
  said jsonb not null,
  submitted_at timestamptz not null,
  ends_at timestamptz not null
);
create index replies_of_conversation on replies (conversation_id, submitted_at);
create index replies_by_end on replies (ends_at);
create index replies_of_person on replies (tenant_id, person, submitted_at);

-- Down Migration

drop table replies;
drop table draft_files;
drop table drafts;
drop table conversation_keys;
alter table messages drop column conversation_id, drop column withdrawn_at;
