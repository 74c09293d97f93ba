-- Up Migration

-- By what an email is found: keyed digests of addresses, their domains, its Message-ID and its trace. Who lacks the key
-- reads nobody's name from it.
create table found_by (
  tenant_id text not null,
  digest bytea not null,
  accepted_at timestamptz not null,
  email_id uuid not null,
  primary key (tenant_id, digest, accepted_at, email_id)
);
create table find_keys (tenant_id text primary key, wrapped bytea not null);
alter table emails add column findable boolean not null default false;
create index emails_not_findable on emails (accepted_at) where not findable;

-- What pictures of throughput and latency are made of, without a look at the table.
create index emails_for_pictures on emails (tenant_id, accepted_at) include (settled_at, deadline_at, state);

create table console_sessions (
  session_id uuid primary key,
  browser bytea not null unique,
  tenant_id text not null,
  name text not null,
  role text not null,
  -- Of our own accounts, by which somebody signed in; null: by the provider.
  account text,
  began_at timestamptz not null,
  used_at timestamptz not null,
  ends_at timestamptz not null
);
-- Who was sent to an OpenID Connect provider, and has not come back.
create table console_sign_ins (browser bytea primary key, tenant_id text not null, begun_at timestamptz not null);
-- What was looked at in a session: that is told once.
create table console_inspected (
  session_id uuid references console_sessions on delete cascade,
  email_id uuid,
  primary key (session_id, email_id)
);

-- Down Migration

drop table console_inspected, console_sign_ins, console_sessions;
drop index emails_for_pictures;
alter table emails drop column findable;
drop table find_keys, found_by;
