-- Up Migration

-- Every event of every email, as it travelled: personal parts stay encrypted.
create table history (
  event_id uuid primary key,
  email_id uuid not null,
  tenant_id text not null,
  source text not null,
  sequence int not null,
  name text not null,
  event jsonb not null,
  unique (email_id, source, sequence)
);

-- Where each email stands, derived from its history. Nothing here names a person.
create table emails (
  email_id uuid primary key,
  tenant_id text not null,
  state text not null,
  accepted_at timestamptz not null,
  deadline_at timestamptz not null,
  settled_at timestamptz,
  receipt_issued boolean not null,
  deadline_missed boolean not null
);
create index emails_by_time on emails (tenant_id, accepted_at desc, email_id desc);
create index emails_by_state on emails (tenant_id, state, accepted_at desc, email_id desc);
create index emails_owed_a_receipt on emails (settled_at) where settled_at is not null and not receipt_issued;
create index emails_unsettled on emails (deadline_at) where settled_at is null and not deadline_missed;

-- Down Migration

drop table history, emails;
