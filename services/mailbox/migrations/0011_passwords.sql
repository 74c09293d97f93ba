-- Up Migration

-- Of a password: argon2id with its salt and costs, as PHC strings have it.
alter table credentials add column password text;
create unique index one_password_each on credentials (tenant_id, person) where kind = 'password' and removed_at is null;

-- Passwords that were tried and not right. Whether anybody has that address, or a password, is not told.
create table password_tries (
  tenant_id text not null,
  person bytea not null,
  -- A digest of the network that tried, with whose address it was.
  network bytea not null,
  tried_at timestamptz not null,
  try_id uuid primary key
);
create index password_tries_of_person on password_tries (tenant_id, person, tried_at);
create index password_tries_by_time on password_tries (tried_at);

-- Sign-ins at an OpenID Connect provider. What it is asked with follows from the secret of the browser: nothing is kept of it.
create table openid_sign_ins (
  -- Names the stream of its events, once there is one.
  sign_in_id uuid primary key,
  -- SHA-256 of the secret that its browser has.
  browser bytea not null unique,
  tenant_id text not null,
  -- Who is to come back, by the link that it was begun by; null: anybody.
  person bytea,
  message_id uuid,
  begun_at timestamptz not null,
  -- It counts once.
  answered_at timestamptz
);
create index openid_sign_ins_by_time on openid_sign_ins (begun_at);

-- Down Migration

drop table openid_sign_ins;

drop table password_tries;
drop index one_password_each;
alter table credentials drop column password;
