-- Up Migration

-- Certificates of others that a tenant put in by itself; the operator's lie in the folder of crypto.directory.
create table certificates (
  tenant_id text not null,
  kind text not null check (kind in ('person', 'organisation')),
  -- An address or a domain, in lower case; ordered by its octets, as pages are.
  name text collate "C" not null,
  -- Of the DER, in hexadecimal.
  sha256 text collate "C" not null,
  der bytea not null,
  -- The authorities that came along with it, as DER; they prove nothing by themselves.
  chain bytea[] not null,
  not_after timestamptz not null,
  source text not null,
  added_at timestamptz not null,
  added_by text not null,
  reason text not null,
  primary key (tenant_id, kind, name, sha256)
);
create index certificates_by_end on certificates (tenant_id, kind, name, not_after desc);
create index certificates_by_sha256 on certificates (tenant_id, sha256);

-- What the issuers said about revocation when they were last asked; of the folder's certificates too.
create table certificate_checks (
  tenant_id text not null,
  sha256 text collate "C" not null,
  status text not null check (status in ('good', 'revoked', 'unknown')),
  detail text not null,
  checked_at timestamptz not null,
  primary key (tenant_id, sha256)
);

-- Who changed what, when and why.
create table certificate_history (
  position bigint generated always as identity primary key,
  tenant_id text not null,
  kind text not null,
  name text not null,
  sha256 text not null,
  change text not null check (change in ('added', 'changed', 'removed', 'revoked', 'reinstated')),
  source text not null,
  at timestamptz not null,
  by text not null,
  reason text not null
);
create index certificate_history_by_sha256 on certificate_history (tenant_id, sha256);

create function refuse_to_change_certificate_history() returns trigger language plpgsql as $$
begin
  raise exception 'the history of certificates is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end $$;

create trigger certificate_history_append_only before update or delete or truncate on certificate_history
  for each statement execute function refuse_to_change_certificate_history();

-- Down Migration

drop table certificates, certificate_checks, certificate_history;
drop function refuse_to_change_certificate_history();
