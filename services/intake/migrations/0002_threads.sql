-- Up Migration

-- What guards know of the threads that passed here. A projection of what was accepted, written along with it.
create table threads (
  thread_id uuid primary key,
  tenant_id text not null,
  secure boolean not null,
  outsiders boolean not null,
  last_at timestamptz not null
);
create index threads_by_age on threads (last_at);

-- SHA-256 of the ids of mails and conversations.
create table thread_keys (
  tenant_id text not null,
  key bytea not null,
  thread_id uuid not null references threads on delete cascade,
  primary key (tenant_id, key)
);
create index thread_keys_by_thread on thread_keys (thread_id);

-- A mail that joins several threads makes one of them in what is known: what held for any holds for the one it is kept with.
create function note_thread(
  of_tenant text, new_thread uuid, keys bytea[], is_secure boolean, has_outsiders boolean, at timestamptz
) returns uuid language plpgsql as $$
declare
  known uuid;
begin
  select k.thread_id into known from thread_keys k
  where k.tenant_id = of_tenant and k.key = any(keys) order by k.thread_id limit 1;
  if known is null then
    known := new_thread;
    insert into threads (thread_id, tenant_id, secure, outsiders, last_at)
    values (known, of_tenant, is_secure, has_outsiders, at);
  else
    update threads t set
      secure = t.secure or is_secure or joined.secure,
      outsiders = t.outsiders or has_outsiders or joined.outsiders,
      last_at = greatest(t.last_at, at)
    from (
      select bool_or(o.secure) as secure, bool_or(o.outsiders) as outsiders
      from thread_keys k join threads o on o.thread_id = k.thread_id
      where k.tenant_id = of_tenant and k.key = any(keys)
    ) joined
    where t.thread_id = known;
  end if;
  insert into thread_keys (tenant_id, key, thread_id)
  select of_tenant, each, known from unnest(keys) each
  -- In one order for everybody: nobody waits for who waits for him.
  order by each
  on conflict do nothing;
  return known;
end $$;

-- Down Migration

drop function note_thread;
drop table thread_keys, threads;
