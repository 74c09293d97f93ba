// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';
import { EpochChangedError } from './epoch.ts';
import type { Pool } from './pool.ts';
import { SEALED_COLUMNS, sealedEvent, type SealedRow } from './sealed-row.ts';

/** How far a reader came. Opaque: keep it as it is. */
export interface Checkpoint {
  epoch: string;
  /** An `xid8` as decimal text. */
  txid: string;
  /** A `bigint` as decimal text. */
  position: string;
}

interface Row extends SealedRow {
  epoch: string;
  from_the_future: boolean;
  txid: string;
  position: string | null;
}

/**
 * One statement, hence one snapshot. A transaction that may still commit has an id of at least the snapshot's xmin;
 * below it everything has ended, so nothing can appear there later.
 */
const READ = `
  select p.epoch,
         exists (select from events where txid >= pg_snapshot_xmax(pg_current_snapshot())) as from_the_future,
         e.*
  from event_epoch p
  left join lateral (
    select txid, position, ${SEALED_COLUMNS} from events
    where p.epoch = $4::uuid and (txid, position) > ($1::xid8, $2::bigint)
      and txid < pg_snapshot_xmin(pg_current_snapshot())
    order by txid, position limit $3
  ) e on true
  order by e.txid, e.position`;

/**
 * Reads a service's events in an order in which none is ever missed: each stream's events in sequence, each event
 * once all that may come before it are there. A plain `WHERE position > $1` loses events of transactions that commit
 * late. The price: an event is seen only when every transaction of the database server that began to write before it
 * has ended, so a long one holds up all readers.
 */
export class GapSafeReader {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Before the first event. */
  async start(): Promise<Checkpoint> {
    const { rows } = await this.#pool.query<{ epoch: string }>('select epoch from event_epoch');
    const epoch = rows[0]?.epoch;
    if (epoch === undefined)
      throw new Error('the event_epoch table is empty: run the migrations of the event store');
    return { epoch, txid: '0', position: '0' };
  }

  /**
   * @param limit how many events at most.
   * @returns what comes after the checkpoint, and the checkpoint after that; no events and the same checkpoint where
   *   there is nothing yet.
   * @throws EpochChangedError where the checkpoint comes from before a restore.
   */
  async read(after: Checkpoint, limit: number): Promise<{ events: SealedEvent[]; next: Checkpoint }> {
    const { rows } = await this.#pool.query<Row>({
      name: 'event-store/read-after',
      text: READ,
      values: [after.txid, after.position, limit, after.epoch],
    });
    if (rows[0]?.epoch !== after.epoch) {
      throw new EpochChangedError(
        'this checkpoint comes from before a restore of the database: begin again at start(), what was dealt with already is skipped',
      );
    }
    if (rows[0].from_the_future) {
      throw new Error(
        'the events come from another database server and would be missed here: run `securemail database restored` once after a restore',
      );
    }
    const read = rows.filter((row) => row.position !== null);
    const last = read.at(-1);
    return {
      events: read.map(sealedEvent),
      next:
        last === undefined ? after : { epoch: after.epoch, txid: last.txid, position: last.position ?? '0' },
    };
  }
}
