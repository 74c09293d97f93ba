// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics } from '@securemail/testing';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { dialogue, securedDialogue } from '../testing/smtp-dialogue.ts';

let intake: RunningTestIntake;
let telemetry: Telemetry;
let metrics: CollectedMetrics;
beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  intake = await startTestIntake();
});
afterEach(async () => {
  await intake.close();
  await telemetry.shutdown();
});

/** Each that there is any of, by where and why. */
const failures = async () =>
  Object.fromEntries(
    (await metrics.points('securemail.tls.failures'))
      .filter(({ value }) => value > 0)
      .map(({ attributes, value }) => [
        `${String(attributes['securemail.tls.place'])} ${String(attributes['securemail.reason'])}`,
        value,
      ]),
  );
const counted = async () => {
  for (;;) {
    const now = await failures();
    if (Object.keys(now).length > 0) return now;
    await sleep(20);
  }
};

/** Up to where TLS begins. */
async function begun(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  const hear = () => new Promise((resolve) => socket.once('data', resolve));
  await hear();
  for (const line of ['EHLO client.example', 'STARTTLS']) {
    socket.write(`${line}\r\n`);
    await hear();
  }
  return socket;
}
const agree = async (options: ConnectionOptions) => {
  const socket = connectTls({ socket: await begun(intake.smtpPort), rejectUnauthorized: false, ...options });
  await new Promise((resolve) => socket.once('error', resolve).once('secureConnect', resolve));
};

it('counts who does not trust our certificate', async () => {
  const args = ['s_client', '-starttls', 'smtp', '-verify_return_error', '-connect'];
  execFile('openssl', [...args, `127.0.0.1:${intake.inboundPort}`], () => undefined).stdin?.end();
  expect(await counted()).toEqual({ 'inbound certificate-refused': 1 });
});

it('counts who speaks only what is too old', async () => {
  await agree({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
  expect(await counted()).toEqual({ 'submission no-common-version': 1 });
});

it('counts who has no cipher that we have', async () => {
  await agree({ maxVersion: 'TLSv1.2', ciphers: 'ADH-AES128-SHA256:@SECLEVEL=0' });
  expect(await counted()).toEqual({ 'submission no-common-cipher': 1 });
});

it.each([
  ['goes on in clear', 'EHLO client.example\r\n', 'no-tls'],
  ['hangs up', null, 'broken-off'],
] as const)('counts who says STARTTLS and %s', async (_, says, reason) => {
  const socket = await begun(intake.inboundPort);
  socket.on('error', () => undefined);
  if (says === null) socket.destroy();
  else socket.write(says);
  expect(await counted()).toEqual({ [`inbound ${reason}`]: 1 });
});

it('counts neither who agrees on TLS nor who never begins it, however they leave', async () => {
  for (const client of [await securedDialogue(intake), await dialogue(intake.smtpPort)]) {
    expect(await client.say('NOOP\r\n')).toMatch(/^250/);
    client.cut();
  }
  await sleep(300);
  expect(await failures()).toEqual({});
});
