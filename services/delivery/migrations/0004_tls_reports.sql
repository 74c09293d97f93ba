-- Up Migration

-- TLS sessions towards other domains, counted for their reports (RFC 8460). No recipient, no address, no email.
create table tls_sessions (
  day date not null,
  -- SHA-256 of what a count is told apart by: the policy of a stranger is too long for an index.
  key text not null,
  domain text not null,
  -- type, strings, mxPatterns
  policy jsonb not null,
  mx_host text,
  receiving_ip text,
  -- `success`, or a result type of RFC 8460 §4.3.
  result text not null,
  sessions int not null,
  primary key (day, key)
);

-- What became of the report of a day to a domain.
create table tls_reports (
  day date not null,
  domain text not null,
  report_id uuid not null,
  attempts int not null default 0,
  first_tried_at timestamptz not null,
  due_at timestamptz not null,
  -- SHA-256 of the places that have it already; the next try leaves them out.
  delivered text[] not null default '{}',
  -- `reported`, `no-record` or `failed`; null while it is tried again.
  result text,
  reason text,
  primary key (day, domain)
);

-- Down Migration

drop table tls_reports;
drop table tls_sessions;
