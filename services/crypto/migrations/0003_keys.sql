-- Up Migration

-- Who changed which key of an organisation, when and why. The keys themselves lie in the folder of crypto.directory.
create table key_history (
  position bigint generated always as identity primary key,
  tenant_id text not null,
  kind text not null check (kind in ('person', 'organisation', 'authority')),
  -- An address, a domain, or what an authority is called.
  name text not null,
  -- Of the public half (SubjectPublicKeyInfo) in hexadecimal: the same before there is a certificate and after.
  key_sha256 text collate "C" not null,
  -- Of the certificate's DER; null before there is one.
  sha256 text collate "C",
  change text not null check (change in ('requested', 'imported', 'issued', 'retired', 'created')),
  at timestamptz not null,
  by text not null,
  reason text not null
);
create index key_history_by_key on key_history (tenant_id, key_sha256);

create function refuse_to_change_key_history() returns trigger language plpgsql as $$
begin
  raise exception 'the history of keys is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end $$;

create trigger key_history_append_only before update or delete or truncate on key_history
  for each statement execute function refuse_to_change_key_history();

-- Down Migration

drop table key_history;
drop function refuse_to_change_key_history();
