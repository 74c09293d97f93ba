-- Up Migration

-- Where organisations are told over HTTP. Secrets are wrapped by the key-encryption key.
create table webhooks (
  webhook_id uuid primary key,
  tenant_id text not null,
  url text not null,
  -- Null: all.
  types text[],
  description text not null,
  secret bytea not null,
  -- Signs as well, until it ends.
  former_secret bytea,
  former_until timestamptz,
  enabled boolean not null default true,
  disabled_because text,
  -- Since when no delivery succeeded; null where the last one did.
  failing_since timestamptz,
  created_at timestamptz not null
);
create index webhooks_of_tenant on webhooks (tenant_id, webhook_id);

-- What is to be told, and was. Payloads name nobody. No foreign key: an event is never kept from being projected by one.
create table webhook_deliveries (
  delivery_id uuid primary key,
  position bigint generated always as identity,
  webhook_id uuid not null,
  -- Null: it is about no email.
  email_id uuid,
  event_id uuid not null,
  type text not null,
  payload text not null,
  traceparent text,
  status text not null default 'waiting',
  attempts int not null default 0,
  next_at timestamptz not null,
  give_up_at timestamptz not null,
  leased_until timestamptz,
  last_at timestamptz,
  last_status int,
  last_failure text,
  created_at timestamptz not null,
  unique (webhook_id, event_id, type)
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at) where status = 'waiting';
create index webhook_deliveries_order on webhook_deliveries (webhook_id, email_id, position) where status = 'waiting';
create index webhook_deliveries_list on webhook_deliveries (webhook_id, position desc);
create index webhook_deliveries_by_age on webhook_deliveries (created_at);

-- Down Migration

drop table webhook_deliveries, webhooks;
