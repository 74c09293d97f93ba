// SPDX-License-Identifier: Apache-2.0
import type { ServiceName } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Group, GroupReach } from '../event-log.ts';
import { groupReach } from '../reach.ts';

interface Row {
  epoch: string;
  txid: string;
  position: string;
}

/** Whatever is committed: a reader gets to the last of it once all that may come before it is there. */
const END = `
  select p.epoch, e.txid, e.position from event_epoch p
  cross join lateral (select txid, position from events order by txid desc, position desc limit 1) e`;

/** The name of a group's reader of a service's events. */
export const readerOf = (group: string, service: ServiceName): string => `${group}<${service}`;

export function postgresReach(
  { group, pool, sources: services }: Group,
  sources: (service: ServiceName) => Pool,
): GroupReach {
  // Of another epoch nothing was reached.
  const placeOf = (service: ServiceName, { epoch, txid, position }: Row) =>
    [`${service} ${epoch}`, [BigInt(txid), BigInt(position)]] as const;
  return groupReach({
    everyMs: 500,
    // A transaction that appends ends at once.
    marginMs: 1_000,
    settlingMs: 0,
    ends: async () => {
      const each = await Promise.all(
        services.map(async (service) => {
          const { rows } = await sources(service).query<Row>(END);
          return rows.map((row) => placeOf(service, row));
        }),
      );
      return new Map(each.flat());
    },
    reached: async () => {
      const { rows } = await pool.query<Row & { reader: string }>(
        'select reader, epoch, txid, position from checkpoints where reader = any($1::text[])',
        [services.map((service) => readerOf(group, service))],
      );
      const saved = new Map(rows.map((row) => [row.reader, row]));
      return new Map(
        services.flatMap((service) => {
          const row = saved.get(readerOf(group, service));
          return row === undefined ? [] : [placeOf(service, row)];
        }),
      );
    },
  });
}
