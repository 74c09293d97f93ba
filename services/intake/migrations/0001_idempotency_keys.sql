-- Up Migration

-- What was answered to a request that carried an Idempotency-Key, for as long as the key is remembered.
create table idempotency_keys (
  tenant_id text not null,
  api_key_id text not null,
  idempotency_key text not null,
  -- SHA-256 of content type, query and body.
  fingerprint bytea not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (tenant_id, api_key_id, idempotency_key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Down Migration

drop table idempotency_keys;
