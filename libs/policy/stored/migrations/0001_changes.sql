-- Up Migration

-- What administrators set, as events. Everything else is worked out from them.
create table changes (
  tenant_id text not null,
  -- Of the organisation's settings, from 1, without gaps: whoever adds one has seen the one before.
  version int not null check (version > 0),
  at timestamptz not null,
  -- A person's name.
  by text not null,
  -- The API key; null where the change was made on the gateway itself.
  key_id text,
  reason text not null,
  -- Merge patches (RFC 7396) by scope: tenant, domains/<domain>, people/<address>.
  patches jsonb not null,
  primary key (tenant_id, version)
);

create function refuse_to_change_changes() returns trigger language plpgsql as $$
begin
  raise exception 'the changes of settings are append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end $$;

create trigger changes_append_only before update or delete or truncate on changes
  for each statement execute function refuse_to_change_changes();

-- Down Migration

drop table changes;
drop function refuse_to_change_changes();
