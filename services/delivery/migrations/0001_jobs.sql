-- Up Migration

-- Protected messages on their way, one row for each next hop. A row lives until its recipients are settled.
create table jobs (
  job_id uuid primary key,
  email_id uuid not null,
  tenant_id text not null,
  protected_message_id text not null,
  recipient_ids text[] not null,
  -- What shares a concurrency limit: a recipient domain, or the tenant's own mail servers.
  lane text not null,
  own_mail_servers boolean not null,
  -- The event that asked for it, its personal part still encrypted: once the email is erased nobody can be reached.
  event jsonb not null,
  attempts int not null default 0,
  -- Set when an attempt is recorded and cleared when its outcome is: whoever finds it set knows that a worker died.
  open_attempt uuid,
  created_at timestamptz not null,
  due_at timestamptz not null,
  leased_by uuid,
  leased_until timestamptz
);
create index jobs_due on jobs (due_at);
create index jobs_leased on jobs (lane) where leased_until is not null;
create index jobs_by_email on jobs (email_id);

-- Down Migration

drop table jobs;
