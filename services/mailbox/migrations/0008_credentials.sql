-- Up Migration

-- By what somebody signs in beside a code. What names its owner or its device stands encrypted in its stream.
create table credentials (
  -- Names the stream of its events.
  credential_id uuid primary key,
  tenant_id text not null,
  person bytea not null,
  kind text not null,
  added_at timestamptz not null,
  used_at timestamptz,
  -- From then on it counts no more, and waits to be erased.
  removed_at timestamptz,
  -- Of a passkey (WebAuthn): its credential id, base64url; its public key (COSE), signature counter and transports.
  passkey_id text unique,
  public_key bytea,
  counter bigint,
  transports text[]
);
create index credentials_of_person on credentials (tenant_id, person);

-- What a passkey is to sign, once.
create table passkey_challenges (
  -- SHA-256 of the secret that its browser has.
  browser bytea primary key,
  challenge text not null,
  tenant_id text not null,
  -- Who is to answer it; null: any reader of the organisation.
  person bytea,
  -- Of the link that it was asked for by.
  message_id uuid,
  -- To add a passkey, and not to sign in by one.
  is_for_adding boolean not null,
  expires_at timestamptz not null
);
create index passkey_challenges_by_end on passkey_challenges (expires_at);
create index sessions_by_sign_in on sessions (sign_in_id);

-- Down Migration

drop index sessions_by_sign_in;
drop table passkey_challenges;
drop table credentials;
