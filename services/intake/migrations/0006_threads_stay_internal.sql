-- Up Migration

-- As the one of 0005, but that somebody outside took part in one of the threads that a mail joins is no longer taken for
-- true of the others: that holds for all of them once the mail itself goes outside or comes from there. Such a mail is
-- kept with what is internal first, for who gets to read it reads of that, too.
create or replace function note_thread(
  of_tenant text, new_thread uuid, keys bytea[], is_secure boolean, is_by_policy boolean, has_outsiders boolean,
  at timestamptz
) returns uuid language plpgsql as $$
declare
  known uuid[];
  was_secure boolean;
  was_by_policy boolean;
begin
  insert into threads (thread_id, tenant_id, secure, by_policy, outsiders, last_at)
  values (new_thread, of_tenant, is_secure, is_by_policy, has_outsiders, at);
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
  select array_agg(thread_id order by outsiders or has_outsiders, thread_id), bool_or(secure), bool_or(by_policy)
  into known, was_secure, was_by_policy from locked;
  if known is null then
    return new_thread;
  end if;
  update threads set
    secure = was_secure or is_secure,
    by_policy = was_by_policy or is_by_policy,
    outsiders = outsiders or has_outsiders,
    last_at = greatest(last_at, at)
  where thread_id = any(known);
  update thread_keys set thread_id = known[1] where thread_id = new_thread;
  delete from threads where thread_id = new_thread;
  return known[1];
end $$;

-- Down Migration

create or replace function note_thread(
  of_tenant text, new_thread uuid, keys bytea[], is_secure boolean, is_by_policy boolean, has_outsiders boolean,
  at timestamptz
) returns uuid language plpgsql as $$
declare
  known uuid[];
  was_secure boolean;
  was_by_policy boolean;
  had_outsiders boolean;
begin
  insert into threads (thread_id, tenant_id, secure, by_policy, outsiders, last_at)
  values (new_thread, of_tenant, is_secure, is_by_policy, has_outsiders, at);
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
  select array_agg(thread_id order by thread_id), bool_or(secure), bool_or(by_policy), bool_or(outsiders)
  into known, was_secure, was_by_policy, had_outsiders from locked;
  if known is null then
    return new_thread;
  end if;
  update threads set
    secure = was_secure or is_secure,
    by_policy = was_by_policy or is_by_policy,
    outsiders = had_outsiders or has_outsiders,
    last_at = greatest(last_at, at)
  where thread_id = any(known);
  update thread_keys set thread_id = known[1] where thread_id = new_thread;
  delete from threads where thread_id = new_thread;
  return known[1];
end $$;
