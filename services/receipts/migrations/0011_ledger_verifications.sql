-- Up Migration

-- How it went when a ledger was last gone through from its beginning to its end.
create table ledger_verifications (
  tenant_id text primary key,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  leaves bigint not null,
  fault_count bigint not null,
  -- The first of them.
  faults jsonb not null
);

-- Down Migration

drop table ledger_verifications;
