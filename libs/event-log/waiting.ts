// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint, Pool } from '@securemail/event-store';

/** More events are not counted one by one. */
const MOST_COUNTED = 10_000;

const WAITING = `
  with place as (
    select case when epoch::text = $1 then $2::xid8 else '0' end as txid,
           case when epoch::text = $1 then $3::bigint else 0 end as position
    from event_epoch
  ), counted as (
    select count(*) as events from (
      select from place cross join lateral (
        select from events e where (e.txid, e.position) > (place.txid, place.position) limit $4
      ) waiting
    ) these
  )
  select case when counted.events < $4 then counted.events
              else greatest(counted.events, (select max(position) from events) - place.position) end as waiting
  from place, counted`;

/**
 * How many events of a service lie behind a checkpoint, those included that are not to be read yet; all of them where there is
 * none, or it is of another epoch. Where they are many it is told by their positions, about right: who catches up with millions
 * is to be seen to get on, and nobody is to count them at each look.
 *
 * @param source whose search path is that service's schema.
 */
export async function waitingAfter(
  source: Pool,
  checkpoint: Checkpoint | null,
  mostCounted = MOST_COUNTED,
): Promise<number> {
  const { epoch, txid, position } = checkpoint ?? { epoch: null, txid: null, position: null };
  const { rows } = await source.query<{ waiting: string }>({
    name: 'event-log/waiting',
    text: WAITING,
    values: [epoch, txid, position, mostCounted],
  });
  return Number(rows[0]?.waiting ?? 0);
}
