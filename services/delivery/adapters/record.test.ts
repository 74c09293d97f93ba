// SPDX-License-Identifier: Apache-2.0
import {
  newAttemptId,
  newEmailId,
  protectedMessageId,
  recipientId,
  TenantId,
  type AttemptId,
  type NewEvent,
  type SealedEvent,
} from '@securemail/contracts';
import { inTransaction, type EventStore } from '@securemail/event-store';
import { openDeliveryWorld, type DeliveryWorld } from '../testing/running-delivery.ts';
import { addJobs, claimJobs, LeaseLostError, openingAttempt, settling, type StoredJob } from './jobs.ts';
import { outages } from './outages.ts';
import { record } from './record.ts';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
});
afterEach(() => world.pool.query('delete from jobs'));
afterAll(() => world.close());

const claim = () =>
  claimJobs(world.pool, {
    now: new Date(),
    leaseMs: 60_000,
    limit: { outside: 10, own: 10 },
    perLane: 5,
    takeOver: true,
  });

async function claimedJob(): Promise<StoredJob> {
  const job = {
    emailId: newEmailId(),
    tenantId: TenantId.parse('demo'),
    protectedMessageId: protectedMessageId(1),
    recipientIds: [recipientId(1)],
    lane: 'a.example',
    ownMailServers: false,
    event: {} as SealedEvent,
  };
  await inTransaction(world.pool, (tx) => addJobs(tx, [job], new Date()));
  const [claimed] = await claim();
  return claimed!;
}

const delivered = (attemptId: AttemptId): NewEvent => ({
  name: 'Delivered',
  data: {
    attemptId,
    protectedMessageId: protectedMessageId(1),
    recipientIds: [recipientId(1)],
    reply: { code: 250, enhancedCode: null },
    tls: null,
  },
  personal: { nextHop: null, replyText: null },
});

/** A worker whose first append goes wrong so; `warnings` are what its log says. */
function workerThat(firstAppend: (append: () => Promise<SealedEvent[]>) => Promise<SealedEvent[]>) {
  const warnings: unknown[] = [];
  let appends = 0;
  const append: EventStore['append'] = (...all) => {
    appends += 1;
    const really = () => world.store.append(...all);
    return appends === 1 ? firstAppend(really) : really();
  };
  const store = { append, readStream: world.store.readStream.bind(world.store) };
  const recording = {
    pool: world.pool,
    store,
    outages: outages({
      logger: { warn: (fields: unknown) => void warnings.push(fields) },
      leaseMs: 1_000,
      closing: new AbortController().signal,
      afterCloseMs: 1_000,
    }),
  };
  return { recording, warnings, appends: () => appends };
}

const LOST = 'Connection terminated unexpectedly';
const answerLost = async (append: () => Promise<SealedEvent[]>): Promise<SealedEvent[]> => {
  await append();
  throw new Error(LOST);
};
const namesOf = async ({ emailId }: StoredJob) => (await world.events(emailId)).map(({ name }) => name);

describe('a commit whose answer was lost', () => {
  it.each([null, { recipientIds: [recipientId(1)], dueAt: new Date() }])(
    'stands once, and nobody is said to have taken the job over (left to do: %j)',
    async (remaining) => {
      const job = await claimedJob();
      const { recording, warnings } = workerThat(answerLost);
      const events = [delivered(newAttemptId())];
      expect(await record(recording, job, events, settling(job, remaining))).toBe('before');
      expect(await namesOf(job)).toEqual(['Delivered']);
      expect(warnings).toEqual([{ reason: 'ConnectionLostError', tries: 1 }]);
    },
  );

  it('begins an attempt once', async () => {
    const job = await claimedJob();
    const attemptId = newAttemptId();
    const { recording } = workerThat(answerLost);
    const started: NewEvent = {
      name: 'DeliveryAttemptStarted',
      data: {
        attemptId,
        protectedMessageId: job.protectedMessageId,
        recipientIds: [recipientId(1)],
        ordinal: 1,
        placeSince: null,
      },
      personal: { nextHop: null },
    };
    expect(await record(recording, job, [started], openingAttempt(job, attemptId, 60_000))).toBe('before');
    expect(await namesOf(job)).toEqual(['DeliveryAttemptStarted']);
    const { rows } = await world.pool.query('select attempts, open_attempt from jobs');
    expect(rows).toEqual([{ attempts: 1, open_attempt: attemptId }]);
  });
});

describe('where nothing was committed', () => {
  const away = () => Promise.reject(new Error(LOST));
  const leasesRunOut = () => world.pool.query(`update jobs set leased_until = now() - interval '1 second'`);

  it('it is recorded when the database is back, though the lease has run out, as long as nobody took the job', async () => {
    const job = await claimedJob();
    const { recording } = workerThat(async () => {
      await leasesRunOut();
      return away();
    });
    expect(await record(recording, job, [delivered(newAttemptId())], settling(job, null))).toBe('now');
    expect(await namesOf(job)).toEqual(['Delivered']);
  });

  it('and somebody took the job over, what they know of it stands, and nothing else', async () => {
    const job = await claimedJob();
    const attemptId = newAttemptId();
    const unknown: NewEvent = {
      name: 'OutcomeUnknown',
      data: {
        attemptId,
        protectedMessageId: job.protectedMessageId,
        recipientIds: [recipientId(1)],
        next: 'hold',
        nextAttemptAt: null,
      },
      personal: { nextHop: null },
    };
    const { recording } = workerThat(async () => {
      await leasesRunOut();
      const [taken] = await claim();
      await record(workerThat((append) => append()).recording, taken!, [unknown], settling(taken!, null));
      return away();
    });
    const recorded = record(recording, job, [delivered(attemptId)], settling(job, null));
    await expect(recorded).rejects.toThrow(LeaseLostError);
    expect(await namesOf(job)).toEqual(['OutcomeUnknown']);
  });
});

it('what no return of the database mends is said at once', async () => {
  const job = await claimedJob();
  const { recording, appends } = workerThat((append) => append());
  const broken = {
    name: 'breaking',
    text: `update jobs set lane = null where job_id = $1 returning 1`,
    values: [job.jobId],
  };
  await expect(record(recording, job, [delivered(newAttemptId())], broken)).rejects.toMatchObject({
    code: '23502',
  });
  expect(appends()).toBe(1);
});
