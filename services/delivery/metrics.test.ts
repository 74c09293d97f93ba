// SPDX-License-Identifier: Apache-2.0
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { newAttemptId } from '@securemail/contracts';
import { startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics } from '@securemail/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDeliveryWorld, type DeliveryWorld, type Overrides } from './testing/running-delivery.ts';

const [BO, KIM] = ['bo@citizen.example', 'kim@citizen.example'];

let metrics: CollectedMetrics;
let spans: InMemorySpanExporter;
let telemetry: Telemetry;
let world: DeliveryWorld;
let running: { close(): Promise<void> }[];

beforeEach(async () => {
  metrics = new CollectedMetrics();
  spans = new InMemorySpanExporter();
  telemetry = await startTelemetry({
    serviceName: 'test',
    metricReaders: [metrics],
    extraSpanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  world = await openDeliveryWorld();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.close()));
  await world.close();
  await telemetry.shutdown();
});

async function start(delivery: Overrides = {}): Promise<void> {
  running.push(await world.start(delivery));
}

/** Every attempt that was counted, as `outcome at phase`, once there are so many. */
async function attempts(total: number): Promise<Record<string, number>> {
  for (;;) {
    const all = await metrics.points('securemail.delivery.attempts');
    const points = all.filter(({ value }) => value > 0);
    const sum = points.reduce((sum, { value }) => sum + value, 0);
    const byVerdict = points.map(({ attributes, value }) => {
      const {
        'securemail.outcome': outcome,
        'smtp.phase': phase,
        'securemail.reason': reason,
        ...others
      } = attributes;
      expect(others).toEqual({});
      return [`${String(outcome)} at ${String(phase)}: ${String(reason)}`, value];
    });
    if (sum >= total) return Object.fromEntries(byVerdict) as Record<string, number>;
    await sleep(20);
  }
}

it('counts each attempt once, by what came of it and how far it came', async () => {
  await start();
  world.outside.misbehave({ phase: 'rcpt-to', action: { reply: '450 4.2.1 Later' }, times: 1 });
  await world.event(await world.protect([BO]), 'Delivered');
  world.outside.misbehave({ phase: 'rcpt-to', recipient: KIM, action: { reply: '550 5.1.1 No' }, times: 1 });
  await world.event(await world.protect([BO, KIM]), 'Bounced');
  world.outside.misbehave({ phase: 'final-dot', action: { reply: '554 5.7.0 No' }, times: 1 });
  await world.event(await world.protect([BO]), 'Bounced');
  expect(await attempts(4)).toEqual({
    'deferred at rcpt-to: reply': 1,
    'delivered at final-dot: none': 1,
    'mixed at rcpt-to: reply': 1,
    'refused at final-dot: reply': 1,
  });
});

it('counts an attempt as unknown of which one recipient is so, whatever became of the others', async () => {
  await start();
  world.outside.misbehave({ phase: 'rcpt-to', recipient: KIM, action: { reply: '550 5.1.1 No' }, times: 1 });
  world.outside.misbehave({ phase: 'final-dot', action: 'drop', times: 1 });
  await world.event(await world.protect([KIM, BO]), 'OutcomeUnknown');
  expect(await attempts(1)).toMatchObject({ 'unknown at final-dot: no-answer': 1 });
});

it('counts an attempt whose worker died as unknown, once, whoever finds it', async () => {
  for (const _ of [1, 2, 3]) await start({ retrySeconds: [3_600] });
  world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' }, times: 1 });
  const emailId = await world.protect([BO]);
  await world.event(emailId, 'Deferred');
  // As a worker leaves it that dies between the record of an attempt and its outcome.
  await world.pool.query('update jobs set open_attempt = $1, attempts = attempts + 1, due_at = now()', [
    newAttemptId(),
  ]);
  await world.event(emailId, 'OutcomeUnknown');
  expect(await attempts(2)).toEqual({
    'deferred at mail-from: reply': 1,
    'unknown at final-dot: no-answer': 1,
  });
});

it('tells on the span of an attempt what came of it, over which TLS, and whether the connection was new', async () => {
  await start();
  for (const _ of ['new', 'reused']) await world.event(await world.protect([BO]), 'Delivered');
  world.outside.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' }, times: 1 });
  await world.event(await world.protect([BO]), 'Bounced');
  const told = spans.getFinishedSpans().filter(({ name }) => name === 'SMTP hand over');
  const delivered = {
    'securemail.attempt.ordinal': 1,
    'securemail.outcome': 'delivered',
    'smtp.phase': 'final-dot',
    'smtp.reply.code': 250,
    'tls.protocol.version': '1.3',
    'tls.cipher': expect.stringMatching(/^TLS_/),
  };
  expect(told.map(({ attributes }) => attributes)).toMatchObject([
    { ...delivered, 'smtp.connection.reused': false },
    { ...delivered, 'smtp.connection.reused': true },
    {
      'securemail.outcome': 'refused',
      'smtp.phase': 'rcpt-to',
      'smtp.reply.code': 550,
      'smtp.reply.enhanced_code': '5.1.1',
      'smtp.connection.reused': true,
    },
  ]);
});
