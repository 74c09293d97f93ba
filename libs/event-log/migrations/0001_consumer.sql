-- Up Migration

-- The ids of the events that this consumer has dealt with: the second time nothing happens.
create table inbox (
  event_id uuid primary key,
  handled_at timestamptz not null default now()
);

-- Events that could not be dealt with yet. Later events of the same email wait behind them, in order.
create table dead_letters (
  arrived bigint generated always as identity primary key,
  event_id uuid unique,
  email_id uuid,
  event_name text,
  source text not null,
  arrival jsonb not null,
  status text not null check (status in ('retrying', 'parked')),
  reason text not null,
  attempts int not null,
  first_failed_at timestamptz not null,
  last_failed_at timestamptz not null,
  next_attempt_at timestamptz not null
);
create index dead_letters_by_email on dead_letters (email_id, arrived);
create index dead_letters_due on dead_letters (next_attempt_at) where status = 'retrying';

-- How far a reader of an events table has come; `extra` is the reader's own.
create table checkpoints (
  reader text primary key,
  epoch text not null,
  txid text not null,
  position text not null,
  extra jsonb not null default '{}',
  saved_at timestamptz not null default now()
);

-- Down Migration

drop table inbox, dead_letters, checkpoints;
