-- Up Migration

-- One ledger for each organisation: how many leaves it has, and when the last was recorded.
create table ledgers (
  tenant_id text primary key,
  size bigint not null default 0,
  recorded_at timestamptz not null default '-infinity'
);

-- Every event of every service, in the order in which the ledger took them.
create table ledger_leaves (
  tenant_id text not null,
  leaf bigint not null,
  event_id uuid not null unique,
  email_id uuid not null,
  recorded_at timestamptz not null,
  -- Octet for octet what was hashed: personal parts stay encrypted.
  content text not null,
  primary key (tenant_id, leaf)
);
create index ledger_leaves_by_email on ledger_leaves (email_id, leaf);
create index ledger_leaves_by_time on ledger_leaves (tenant_id, recorded_at, leaf);

-- The hashes of the tree, 256 side by side (C2SP tlog-tiles); the last of each level is not full.
create table ledger_tiles (
  tenant_id text not null,
  level smallint not null,
  tile bigint not null,
  hashes bytea not null,
  primary key (tenant_id, level, tile)
);

-- What was signed. Who was shown one may ask later whether the ledger still begins with it.
create table ledger_checkpoints (
  tenant_id text not null,
  size bigint not null,
  note text not null,
  signed_at timestamptz not null,
  primary key (tenant_id, size)
);

create function refuse_to_change_ledger() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger ledger_leaves_append_only before update or delete or truncate on ledger_leaves
  for each statement execute function refuse_to_change_ledger();
create trigger ledger_checkpoints_append_only before update or delete or truncate on ledger_checkpoints
  for each statement execute function refuse_to_change_ledger();

-- Down Migration

drop table ledgers, ledger_leaves, ledger_tiles, ledger_checkpoints;
drop function refuse_to_change_ledger();
