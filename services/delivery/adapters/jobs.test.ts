// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import {
  newAttemptId,
  newEmailId,
  protectedMessageId,
  recipientId,
  TenantId,
  type SealedEvent,
} from '@securemail/contracts';
import { inTransaction } from '@securemail/event-store';
import { openDeliveryWorld, type DeliveryWorld } from '../testing/running-delivery.ts';
import {
  addJobs,
  claimJobs,
  countJobs,
  LeaseLostError,
  make,
  noteFullLanes,
  openingAttempt,
  renewing,
  settling,
  waitingSince,
  type StoredJob,
} from './jobs.ts';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
});
afterEach(() => world.pool.query('truncate jobs, full_lanes'));
afterAll(() => world.close());

const add = (lane: string, { count = 1, due = new Date(), own = false } = {}) =>
  inTransaction(world.pool, (tx) =>
    addJobs(
      tx,
      Array.from({ length: count }, () => ({
        emailId: newEmailId(),
        tenantId: TenantId.parse('demo'),
        protectedMessageId: protectedMessageId(1),
        recipientIds: [recipientId(1)],
        lane,
        ownMailServers: own,
        event: {} as SealedEvent,
      })),
      due,
    ),
  );
const claim = (outside = 10, perLane = 5, own = 10) =>
  claimJobs(world.pool, {
    now: new Date(),
    leaseMs: 60_000,
    limit: { outside, own },
    perLane,
    takeOver: true,
  });
/** Puts so many jobs into the table, `n` counting them in the SQL of their lane and time. */
const fill = async (count: number, lane: string, dueAt: string, ready = false) => {
  await world.pool.query(
    `insert into jobs (job_id, email_id, tenant_id, protected_message_id, recipient_ids, lane, own_mail_servers, event, created_at, due_at, ready)
     select gen_random_uuid(), gen_random_uuid(), 'demo', 'm1', '{r1}', ${lane}, false, '{}', now(), ${dueAt}, $2
     from generate_series(1, $1) n`,
    [count, ready],
  );
  await world.pool.query('vacuum analyze jobs');
};
/** How many rows of the table and entries of its indexes the server read for it, whichever way it went. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await world.pool.query('select pg_stat_force_next_flush()');
    const { rows } = await world.pool.query<{ read: number }>(
      `select (
         select seq_tup_read from pg_stat_user_tables where relid = 'jobs'::regclass
       ) + (select sum(idx_tup_read) from pg_stat_user_indexes where relid = 'jobs'::regclass)::int as read`,
    );
    return Number(rows[0]?.read);
  };
  const before = await read();
  await work();
  return (await read()) - before;
}
const leasesRunOut = () => world.pool.query(`update jobs set leased_until = now() - interval '1 second'`);

describe('what waits longest', () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
  const waits = (perLane: number) => waitingSince(world.pool, { now: new Date(), perLane });

  it('waits for a place where its domain has as many mails in hand as it may, and for us everywhere else', async () => {
    const [long, later] = [ago(900), ago(60)];
    expect(await waits(2)).toEqual({ forPlace: null, forUs: null });
    await add('slow.example', { count: 3, due: long });
    expect(await waits(2)).toEqual({ forPlace: null, forUs: long });
    expect(await claim(10, 2)).toHaveLength(2);
    expect(await waits(2)).toEqual({ forPlace: long, forUs: null });
    await add('other.example', { due: later });
    expect(await waits(2)).toEqual({ forPlace: long, forUs: later });
    await leasesRunOut();
    expect(await waits(2)).toEqual({ forPlace: null, forUs: long });
  });

  it('waits for us where its time has come and nobody has noted that', async () => {
    const [long, later] = [ago(900), ago(60)];
    await add('a.example', { due: later });
    await add('b.example', { due: long });
    await world.pool.query(`update jobs set ready = false where lane = 'b.example'`);
    expect(await waits(2)).toEqual({ forPlace: null, forUs: long });
    expect(await countJobs(world.pool)).toEqual({ ready: 2, putOff: 0 });
  });

  it('waits for us where it is for own servers, which are ours', async () => {
    const due = ago(900);
    await add('own', { count: 3, due, own: true });
    expect(await claim(10, 2)).toHaveLength(2);
    expect(await waits(2)).toEqual({ forPlace: null, forUs: due });
  });
});

describe('a place in a lane', () => {
  const seen = (seconds: number, at = seconds) =>
    world.pool.query(
      `update full_lanes set since = now() - $1 * interval '1 second', seen_at = now() - $2 * interval '1 second'`,
      [seconds, at],
    );
  const minutesAgo = new Date(Date.now() - 120_000);
  const settled = async (jobs: readonly StoredJob[]) => {
    for (const job of jobs) await make(world.pool, settling(job, null));
  };

  it('is waited for while as many of it are in hand as may be, and no longer', async () => {
    await add('slow.example', { count: 8, due: minutesAgo });
    const first = await claim(10, 2);
    expect(first.map(({ placeSince }) => placeSince)).toEqual([null, null]);
    await noteFullLanes(world.pool, 2);
    await noteFullLanes(world.pool, 2);
    await seen(60, 1);
    await settled(first);
    const second = await claim(10, 2);
    const { rows: full } = await world.pool.query<{ since: Date }>('select since from full_lanes');
    expect(second.map(({ placeSince }) => placeSince)).toEqual([full[0]!.since, full[0]!.since]);
    // Nobody has looked for a while: we were away, and that is nobody's but ours.
    await seen(60, 11);
    await settled(second);
    expect((await claim(10, 2)).map(({ placeSince }) => placeSince)).toEqual([null, null]);
    await noteFullLanes(world.pool, 2);
    const { rows } = await world.pool.query<{ age: number }>(
      'select extract(epoch from seen_at - since)::int as age from full_lanes',
    );
    expect(rows).toEqual([{ age: 0 }]);
  });

  it('is waited for no longer than its time has come, and never at own servers', async () => {
    await add('slow.example', { count: 3, due: minutesAgo });
    await add('own', { count: 3, due: minutesAgo, own: true });
    const first = await claim(10, 2);
    await noteFullLanes(world.pool, 2);
    await seen(600, 1);
    await settled(first);
    const second = await claim(10, 2);
    const told = second.map(({ lane, placeSince }) => [lane, placeSince] as const);
    expect(told.toSorted()).toEqual([
      ['own', null],
      ['slow.example', minutesAgo],
    ]);
  });

  it('is forgotten once its lane is full no more', async () => {
    await add('slow.example', { count: 3, due: minutesAgo });
    const first = await claim(10, 2);
    await noteFullLanes(world.pool, 2);
    await settled([...first, ...(await claim(10, 2))]);
    await seen(60, 20);
    await noteFullLanes(world.pool, 2);
    expect((await world.pool.query('select from full_lanes')).rowCount).toBe(0);
  });
});

describe('a lease', () => {
  it('fences off who let it run out, be it the process that claims the job again', async () => {
    await add('a.example');
    const [first] = await claim();
    await leasesRunOut();
    const [second] = await claim();
    expect(second!.jobId).toBe(first!.jobId);
    for (const move of [
      openingAttempt(first!, newAttemptId(), 1_000),
      renewing(first!, 1_000),
      settling(first!, null),
    ])
      await expect(make(world.pool, move)).rejects.toThrow(LeaseLostError);
    await make(world.pool, openingAttempt(second!, newAttemptId(), 1_000));
    await make(world.pool, settling(second!, null));
    expect(await world.jobs()).toBe(0);
  });

  it('is counted by the clock of the database, whatever a worker’s clock says', async () => {
    await add('a.example');
    expect(await claim()).toHaveLength(1);
    const anHourLater = new Date(Date.now() + 3_600_000);
    const limit = { outside: 10, own: 10 };
    const claimed = await claimJobs(world.pool, {
      now: anHourLater,
      leaseMs: 60_000,
      limit,
      perLane: 5,
      takeOver: true,
    });
    expect(claimed).toEqual([]);
  });
});

it('an open attempt is left to who began it, where whoever looks is to take over none', async () => {
  await add('a.example');
  const [job] = await claim();
  await make(world.pool, openingAttempt(job!, newAttemptId(), 1_000));
  await leasesRunOut();
  await add('b.example');
  const limit = { outside: 10, own: 10 };
  const options = { now: new Date(), leaseMs: 60_000, limit, perLane: 5 };
  const lanes = (jobs: { lane: string }[]) => jobs.map(({ lane }) => lane);
  expect(lanes(await claimJobs(world.pool, { ...options, takeOver: false }))).toEqual(['b.example']);
  expect(lanes(await claimJobs(world.pool, { ...options, takeOver: true }))).toEqual(['a.example']);
});

describe('claiming', () => {
  it('takes what was put off once its time has come, and not before', async () => {
    await add('a.example');
    const [job] = await claim();
    const dueAt = new Date(Date.now() + 500);
    await make(world.pool, settling(job!, { recipientIds: [recipientId(1)], dueAt }));
    expect(await claim()).toEqual([]);
    while (Date.now() < dueAt.getTime()) await sleep(20);
    expect((await claim()).map(({ jobId }) => jobId)).toEqual([job!.jobId]);
  });

  it('looks at no lane of which nothing is due, and at none of what waits behind the head of one', async () => {
    await fill(3_000, `'lane' || n`, `now() + interval '1 hour'`);
    expect(await rowsRead(() => claim())).toBeLessThan(50);
    await fill(3_000, `'long.example'`, 'now()', true);
    await claim(1);
    expect(await rowsRead(() => claim(1))).toBeLessThan(50);
  });

  it('takes of each lane no more than its share, and passes over no other lane for a long one', async () => {
    await add('busy.example', { count: 30 });
    await add('quiet.example');
    const lanes = (await claim(20, 5)).map(({ lane }) => lane);
    expect(lanes.filter((lane) => lane === 'busy.example')).toHaveLength(5);
    expect(lanes).toContain('quiet.example');
    expect(await claim(20, 5)).toEqual([]);
    expect(await claim(20, 7)).toHaveLength(2);
  });

  it('takes what was due first where it can not take all', async () => {
    await add('new.example');
    await add('old.example', { due: new Date(Date.now() - 1_000) });
    expect((await claim(1)).map(({ lane }) => lane)).toEqual(['old.example']);
  });

  it('lets no long queue stand before a lane that has nothing in hand, however new', async () => {
    await add('silent.example', { count: 30, due: new Date(Date.now() - 60_000) });
    await add('healthy.example');
    expect((await claim(2)).map(({ lane }) => lane).toSorted()).toEqual([
      'healthy.example',
      'silent.example',
    ]);
  });

  it('keeps places for own servers, whatever is in hand outside', async () => {
    await add('silent.example', { count: 5 });
    await add('tenant:demo', { own: true });
    expect((await claim(0, 5, 5)).map(({ lane }) => lane)).toEqual(['tenant:demo']);
  });
});
