// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId } from '@securemail/contracts';
import { createLogger, startTelemetry, type Telemetry } from '@securemail/telemetry';
import { postgresEventLog } from '../postgres/postgres-event-log.ts';
import { openLogWorld } from '../testing/log-world.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const PARKED = 'dead letter: parked until a person replays it';

type Line = Record<string, unknown>;

let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test' });
});
afterAll(() => telemetry.shutdown());

/** @returns what the log says of one event that can't be handled, until it is parked. */
async function saidOf(carefulFor: number): Promise<Line[]> {
  const lines: Line[] = [];
  const logger = createLogger('crypto', {
    level: 'info',
    destination: { write: (line) => lines.push(JSON.parse(line) as Line) },
  });
  const world = await openLogWorld(logger);
  const consumer = await world.consumer('crypto', carefulFor);
  const log = postgresEventLog({ sources: () => world.source, logger });
  const emailId = newEmailId();
  const running = await consumer.start(log, () => Promise.reject(new TypeError('a fault')), { attempts: 2 });
  const about = () => lines.filter((line) => line['emailId'] === emailId);
  try {
    await world.appendIn(`00-${TRACE}-${SPAN}-01`, emailId);
    while (!about().some(({ msg }) => msg === PARKED)) await sleep(20);
    return about();
  } finally {
    await running.close();
    await log.close();
    await world.close();
  }
}

describe('what the log says of an email that stands still leads to its trace', () => {
  it.each([
    ['a letter was written before', 30],
    ['the log itself waits for the handler', 0],
  ])('where %s', async (_, carefulFor) => {
    const said = await saidOf(carefulFor);
    expect(said.map(({ msg }) => msg)).toEqual(['event not handled', PARKED]);
    for (const line of said) expect(line).toMatchObject({ trace_id: TRACE, span_id: SPAN });
  });
});
