// SPDX-License-Identifier: Apache-2.0
import { SERVICES } from '@securemail/contracts';
import { createPool } from '@securemail/event-store';

/** Of every reader of events over Postgres in a gateway's database, those that have not come to the end: `schema/group<source`. */
export async function readersBehind(url: string): Promise<string[]> {
  const pool = createPool({ url, schema: 'intake', max: 1 });
  const pairs = SERVICES.flatMap((schema) => SERVICES.map((source) => ({ schema, source })));
  try {
    const { rows } = await pool.query<{ reader: string }>(
      pairs
        .map(
          ({ schema, source }) =>
            `select '${schema}/' || c.reader as reader from ${schema}.checkpoints c
             cross join ${source}.event_epoch p
             cross join lateral (select txid, position from ${source}.events order by txid desc, position desc limit 1) e
             where c.reader like '%<${source}'
               and (c.epoch::uuid <> p.epoch or (c.txid::xid8, c.position::bigint) < (e.txid, e.position))`,
        )
        .join(' union all '),
    );
    return rows.map(({ reader }) => reader);
  } finally {
    await pool.end();
  }
}
