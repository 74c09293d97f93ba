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

-- What held for any of the threads that a mail joins holds for all of them, and the mail is kept with the oldest.
-- Keys come first, and threads are only looked up behind them: of two mails that name the same new thread at once, the
-- later one waits for the key, and finds the thread of the earlier one instead of losing what it knows itself.
-- Keys, then threads, each in one order for everybody: nobody waits for who waits for him.
create function note_thread(
  of_tenant text, new_thread uuid, keys bytea[], is_secure boolean, has_outsiders boolean, at timestamptz
) returns uuid language plpgsql as $$
declare
  known uuid[];
  was_secure boolean;
  had_outsiders boolean;
begin
  insert into threads (thread_id, tenant_id, secure, outsiders, last_at)
  values (new_thread, of_tenant, is_secure, has_outsiders, at);
  insert into thread_keys (tenant_id, key, thread_id)
  select of_tenant, each, new_thread from unnest(keys) each
  order by each
  on conflict do nothing;
  with locked as (
    select t.* from threads t
    where t.thread_id in (
      select k.thread_id from thread_keys k
      where k.tenant_id = of_tenant and k.key = any(keys) and k.thread_id <> new_thread
    )
    order by t.thread_id for update
  )
  select array_agg(thread_id order by thread_id), bool_or(secure), bool_or(outsiders)
  into known, was_secure, had_outsiders from locked;
  if known is null then
    return new_thread;
  end if;
  update threads set
    secure = was_secure or is_secure,
    outsiders = had_outsiders or has_outsiders,
    last_at = greatest(last_at, at)
  where thread_id = any(known);
  update thread_keys set thread_id = known[1] where thread_id = new_thread;
  delete from threads where thread_id = new_thread;
  return known[1];
end $$;

-- Down Migration

drop function note_thread;
drop table thread_keys, threads;
