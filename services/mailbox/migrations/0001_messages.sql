-- Up Migration

-- What was deposited, one row for each recipient. A projection of the streams, but for the content that it points to.
create table messages (
  message_id uuid primary key,
  tenant_id text not null,
  -- Whose it is: a keyed digest of the address, for nobody is to find out from a copy of this who has mail here.
  person bytea not null,
  -- SHA-256 of the secret in the link that was sent.
  link bytea not null unique,
  email_id uuid not null,
  protected_message_id text not null,
  recipient_id text not null,
  -- The event EmailProtected as it travelled: its personal part stays encrypted.
  protected jsonb not null,
  deposited_at timestamptz not null,
  ends_at timestamptz not null,
  opened_at timestamptz,
  unique (email_id, protected_message_id, recipient_id)
);
create index messages_of_person on messages (tenant_id, person, deposited_at desc, message_id desc);

-- The key of those digests, wrapped; made once for each organisation.
create table person_keys (
  tenant_id text primary key,
  wrapped bytea not null
);

-- Down Migration

drop table person_keys;
drop table messages;
