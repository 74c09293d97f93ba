// SPDX-License-Identifier: Apache-2.0
import { createLogger, startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics } from '@securemail/testing';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { dialogue } from '../testing/smtp-dialogue.ts';
import { placesFor } from './places.ts';

let intake: RunningTestIntake;
let telemetry: Telemetry;
let metrics: CollectedMetrics;
beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  intake = await startTestIntake({ smtp: { maxConnections: 2 }, inbound: { maxConnections: 2 } });
});
afterEach(async () => {
  await intake.close();
  await telemetry.shutdown();
});
const refused = () => metrics.value('securemail.emails.refused', { 'securemail.problem': 'too-busy' });

it.each(['smtpPort', 'inboundPort'] as const)(
  'who comes once all connections are taken is told so and counted: %s',
  async (port) => {
    const silent = await Promise.all([1, 2].map(() => dialogue(intake[port])));
    for (const each of silent) expect(await each.say('NOOP\r\n')).toMatch(/^250/);
    const late = await dialogue(intake[port], { greeted: false });
    expect(await late.rest()).toMatch(/^421 4\.3\.2 .*\[too-busy\]\r\n$/);
    expect(await refused()).toBe(1);
    await silent[0]!.say('QUIT\r\n');
    await silent[0]!.rest();
    expect(await (await dialogue(intake[port])).say('NOOP\r\n')).toMatch(/^250/);
    expect(await refused()).toBe(1);
  },
);

it('that it is so is logged once a minute, not for each', async () => {
  const lines: unknown[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  const doors = placesFor(1, 'inbound', createLogger('test', { level: 'info', destination }));
  await doors.enter({ id: 'a' });
  for (const id of ['b', 'c', 'd']) await expect(doors.enter({ id })).rejects.toThrow();
  expect(lines).toMatchObject([{ port: 'inbound', open: 1 }]);
});
