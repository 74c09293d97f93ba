-- Up Migration

-- Emails of which somebody is held, with what it takes to try again. A projection of the streams, but for the acceptance.
create table held (
  email_id uuid primary key,
  tenant_id text not null,
  -- The event EmailAccepted as it travelled: its personal part stays encrypted.
  acceptance jsonb not null,
  held_since timestamptz not null,
  ends_at timestamptz not null,
  deadline_at timestamptz not null,
  -- Recipient id to reason; empty while a release is being worked on.
  recipients jsonb not null
);
create index held_by_time on held (tenant_id, held_since desc, email_id desc);
create index held_ending on held (ends_at) where recipients <> '{}';

-- Down Migration

drop table held;
