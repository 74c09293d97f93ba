-- Up Migration

-- Who wants to prove that an address is his. Whether anybody has that address is not told, so nobody may be meant.
create table sign_ins (
  -- Names the stream of its events.
  sign_in_id uuid primary key,
  -- SHA-256 of the secret that its browser has.
  browser bytea not null unique,
  tenant_id text not null,
  person bytea not null,
  -- By a link that was sent to the person, and not by an address that anybody may write.
  by_link boolean not null,
  -- The message of that link.
  message_id uuid,
  -- A digest of the code under the browser's secret: who has this table has no code. Null where none was sent.
  code bytea,
  tries_left int not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sign_ins_of_person on sign_ins (tenant_id, person, created_at);
create index sign_ins_by_time on sign_ins (created_at);

create table sessions (
  session_id uuid primary key,
  -- SHA-256 of the secret that its browser has.
  browser bytea not null unique,
  tenant_id text not null,
  person bytea not null,
  began_at timestamptz not null,
  used_at timestamptz not null,
  ends_at timestamptz not null
);
create index sessions_of_person on sessions (tenant_id, person, began_at desc);
create index sessions_by_end on sessions (ends_at);

-- Down Migration

drop table sessions;
drop table sign_ins;
