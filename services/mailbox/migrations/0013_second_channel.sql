-- Up Migration

-- Codes that were sent to who is signed in, by another way than mail. Neither the number nor the code can be read from it.
create table second_channel_codes (
  code_id uuid primary key,
  -- SHA-256 of the secret that its browser has.
  browser bytea not null unique,
  session_id uuid not null,
  tenant_id text not null,
  person bytea not null,
  -- Keyed digests of where it went, and of the network that asked, with whose it was.
  number bytea not null,
  network bytea not null,
  -- What it was asked for by.
  wanted_for uuid not null,
  code bytea not null,
  tries_left int not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index second_channel_codes_of_person on second_channel_codes (tenant_id, person, created_at);
create index second_channel_codes_of_number on second_channel_codes (tenant_id, number, created_at);
create index second_channel_codes_by_time on second_channel_codes (created_at);

-- Down Migration

drop table second_channel_codes;
