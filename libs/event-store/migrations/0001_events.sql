-- Up Migration

-- What happened, in the order of each email; at once truth and transactional outbox.
create table events (
  position bigint generated always as identity primary key,
  -- Readers go by this: see gap-safe-reader.ts.
  txid xid8 not null default pg_current_xact_id(),
  email_id uuid not null,
  tenant_id text not null,
  sequence int not null check (sequence > 0),
  id uuid not null unique,
  name text not null,
  version int not null check (version > 0),
  source text not null,
  time timestamptz not null,
  traceparent text,
  data jsonb not null,
  -- Ciphertext under the email's data key, base64url.
  personal text,
  unique (email_id, sequence)
);
create index events_in_commit_order on events (txid, position);

create function refuse_to_change_events() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;

create trigger events_append_only before update or delete or truncate on events
  for each statement execute function refuse_to_change_events();

-- Which life of the database the transaction ids belong to; a restore begins a new one.
create table event_epoch (
  only_row boolean primary key default true check (only_row),
  epoch uuid not null default gen_random_uuid(),
  began_at timestamptz not null default now()
);
insert into event_epoch default values;

-- Down Migration

drop table events, event_epoch;
drop function refuse_to_change_events();
