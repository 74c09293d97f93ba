// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import type { NewEvent } from '@securemail/contracts';
import { signalAppended } from '@securemail/event-log';
import { ConcurrencyError, type EventStore, type Pool } from '@securemail/event-store';
import { currentTraceparent } from '@securemail/telemetry';
import { LeaseLostError, type Move, type StoredJob } from './jobs.ts';
import type { Outages } from './outages.ts';

interface Outside {
  pool: Pool;
  store: Pick<EventStore, 'append' | 'readStream'>;
  outages: Outages;
}

/** `before`: a try whose answer was lost had been committed. */
export type Recorded = 'now' | 'before';

/**
 * Appends to the email's stream and moves the job on, together, and does so again while the database is away: what
 * came of an attempt is known nowhere else. The lease fences it, also one that has run out as long as nobody took the
 * job: a repeated move of a job that has been moved finds nothing to move. Other jobs of the email may append meanwhile.
 *
 * @throws LeaseLostError where the job was taken over.
 */
export const record = (
  { pool, store, outages }: Outside,
  job: StoredJob,
  events: readonly NewEvent[],
  move: Move,
): Promise<Recorded> =>
  outages.outlast(async () => {
    for (;;) {
      try {
        const options = { traceparent: currentTraceparent(), when: move };
        const appended = await store.append(pool, job, 'any', events, options);
        const recorded = appended.length > 0 ? 'now' : 'before';
        if (recorded === 'before' && !(await standsThere({ pool, store }, job, events)))
          throw new LeaseLostError('the job was taken over');
        signalAppended('delivery');
        return recorded;
      } catch (error) {
        if (!(error instanceof ConcurrencyError)) throw error;
      }
    }
  });

/** Events of one attempt carry its id, so what another worker says of it is told from what we say. */
async function standsThere(
  { pool, store }: Pick<Outside, 'pool' | 'store'>,
  { emailId }: StoredJob,
  events: readonly NewEvent[],
): Promise<boolean> {
  const stream = await store.readStream(pool, emailId);
  return events.every(({ name, data }) =>
    stream.some((stored) => stored.name === name && isDeepStrictEqual(stored.data, data)),
  );
}
