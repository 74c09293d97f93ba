// SPDX-License-Identifier: Apache-2.0
import { startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics } from '@securemail/testing';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { httpClient, MAIL, MESSAGE } from './testing/http-client.ts';
import { authPlain, dialogue, securedDialogue } from './testing/smtp-dialogue.ts';
import { startTestIntake, type RunningTestIntake } from './testing/running-intake.ts';

let metrics: CollectedMetrics;
let telemetry: Telemetry;
let intake: RunningTestIntake;
let client: ReturnType<typeof httpClient>;

beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  intake = await startTestIntake({ intake: { maxMessageBytes: 100_000, maxRecipients: 2 } });
  client = httpClient(intake);
});
afterEach(async () => {
  await intake.close();
  await telemetry.shutdown();
});

const submit = (mail: SendMailOptions, key = { user: 'app', pass: intake.key }) =>
  createTransport({
    host: '127.0.0.1',
    port: intake.smtpPort,
    requireTLS: true,
    tls: { ca: intake.authorityPem },
    auth: key,
  }).sendMail({ from: 'anna@demo.example', to: 'bo@citizen.example', subject: '[secure] Journal', ...mail });

/** What is to be alarmed of by its first case is shown before that. */
const FROM_ZERO = { 'storage-unavailable': 0, internal: 0, 'too-busy': 0 };

const counted = async (name: string, attribute: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await metrics.points(name)).map(({ attributes, value }) => [String(attributes[attribute]), value]),
  );

it('counts each accepted email once, by the way it came', async () => {
  await client.postJson(MAIL);
  await client.postMessage(MESSAGE);
  for (const _ of ['first', 'again']) await client.postJson(MAIL, { 'Idempotency-Key': 'k1' });
  await submit({ text: 'Dear Bo' });
  expect(await counted('securemail.emails.accepted', 'securemail.channel')).toEqual({
    rest: 3,
    submission: 1,
  });
  expect(await counted('securemail.emails.refused', 'securemail.problem')).toEqual(FROM_ZERO);
});

it('counts each mail that was not taken, by the problem that its sender is told', async () => {
  await client.postJson({ ...MAIL, from: 'eve@else.example' });
  await client.postJson({ ...MAIL, to: [] });
  await client.post('{');
  await client.post(JSON.stringify(MAIL), { Authorization: 'Bearer wrong' });
  await expect(submit({ text: 'x'.repeat(200_000) })).rejects.toThrow('message-too-large');
  await expect(submit({ from: 'eve@else.example', text: 'Dear Bo' })).rejects.toThrow('sender-not-allowed');
  await expect(submit({ envelope: { from: '', to: ['bo@citizen.example'] } })).rejects.toThrow();
  // Neither signed in nor handed in.
  await expect(submit({}, { user: 'app', pass: 'wrong' })).rejects.toThrow();
  const refused = await counted('securemail.emails.refused', 'securemail.problem');
  expect(refused).toEqual({
    ...FROM_ZERO,
    'sender-not-allowed': 3,
    'no-recipient': 1,
    'malformed-json': 1,
    unauthenticated: 1,
    'message-too-large': 1,
  });
  expect(await metrics.points('securemail.emails.accepted')).toEqual([]);
});

it('counts each recipient that was not taken over SMTP, whoever refused it', async () => {
  const client = await securedDialogue(intake);
  await client.say(authPlain('app', intake.key));
  await client.say('MAIL FROM:<anna@demo.example>\r\n');
  const replies = [];
  // smtp-server refuses the first by itself, before we are asked.
  for (const to of [
    'bo',
    'bo@-citizen.example',
    'bo@a.example',
    'bo@b.example',
    'bo@c.example',
    'bo@d.example',
  ])
    replies.push(await client.say(`RCPT TO:<${to}>\r\n`));
  client.cut();
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['553', '553', '250', '250', '452', '452']);
  expect(await counted('securemail.emails.refused', 'securemail.problem')).toEqual({
    ...FROM_ZERO,
    'invalid-address': 2,
    'too-many-recipients': 2,
  });
});

it('counts each recipient of a mail from outside that was not taken, whoever refused it', async () => {
  const client = await dialogue(intake.inboundPort);
  await client.say('EHLO mx.citizen.example\r\n');
  await client.say('MAIL FROM:<bo@citizen.example>\r\n');
  for (const to of ['bo', '"a b"@demo.example', 'bo@else.example']) await client.say(`RCPT TO:<${to}>\r\n`);
  client.cut();
  expect(await counted('securemail.emails.refused', 'securemail.problem')).toEqual({
    ...FROM_ZERO,
    'invalid-address': 2,
    'relaying-denied': 1,
  });
});
