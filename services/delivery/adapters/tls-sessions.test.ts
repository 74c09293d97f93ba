// SPDX-License-Identifier: Apache-2.0
import { createLogger } from '@securemail/telemetry';
import { openDeliveryWorld, type DeliveryWorld } from '../testing/running-delivery.ts';
import { tlsSessions, type CountedSession } from './tls-sessions.ts';

const SESSION: CountedSession = {
  domain: 'partner.example',
  policy: { type: 'tlsa', strings: ['3 1 1 07'], mxPatterns: [] },
  mxHost: 'mx.partner.example',
  receivingIp: '192.0.2.1',
  result: 'success',
};
const logger = createLogger('delivery');
let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
});
afterEach(() => world.pool.query('delete from tls_sessions'));
afterAll(() => world.close());

const rows = async () => {
  const { rows: found } = await world.pool.query<{ day: string; result: string; sessions: number }>(
    'select day::text, result, sessions from tls_sessions order by day, result',
  );
  return found;
};

it('what several processes count of one kind is added up, and each day is apart', async () => {
  let now = new Date('2026-03-01T23:59:59Z');
  const counters = [1, 2].map(() => tlsSessions({ pool: world.pool, logger }, () => now));
  for (const counter of counters) {
    counter.count(SESSION);
    counter.count(SESSION);
    counter.count({ ...SESSION, result: 'validation-failure' });
  }
  now = new Date('2026-03-02T00:00:00Z');
  counters[0]!.count(SESSION);
  await Promise.all(counters.map((counter) => counter.close()));
  expect(await rows()).toEqual([
    { day: '2026-03-01', result: 'success', sessions: 4 },
    { day: '2026-03-01', result: 'validation-failure', sessions: 2 },
    { day: '2026-03-02', result: 'success', sessions: 1 },
  ]);
});

it('a policy of any length is counted', async () => {
  const counter = tlsSessions({ pool: world.pool, logger });
  const strings = Array.from({ length: 100 }, (_, index) => `mx: ${'x'.repeat(200)}${index}.example`);
  counter.count({ ...SESSION, policy: { type: 'sts', strings, mxPatterns: strings } });
  await counter.close();
  expect(await rows()).toMatchObject([{ sessions: 1 }]);
});

it('a database that is away fails nobody who counts, and an end is not waited for', async () => {
  const counter = tlsSessions({ pool: world.pool, logger });
  const open = await world.shutDatabase();
  counter.count(SESSION);
  await counter.close();
  await open();
  await counter.close();
  expect(await rows()).toMatchObject([{ sessions: 1 }]);
});
