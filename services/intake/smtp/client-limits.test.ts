// SPDX-License-Identifier: Apache-2.0
import { startTelemetry, type Telemetry } from '@securemail/telemetry';
import {
  CollectedMetrics,
  createCertificateAuthority,
  startDnsServer,
  startSmtpSink,
  type RunningDnsServer,
  type SmtpSink,
} from '@securemail/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestIntake, type RunningTestIntake } from '../testing/running-intake.ts';
import { dialogue, type Dialogue } from '../testing/smtp-dialogue.ts';

const MESSAGE = 'From: Bo <bo@citizen.example>\r\nTo: anna@demo.example\r\n\r\nDear Anna\r\n.\r\n';
let intake: RunningTestIntake;
let telemetry: Telemetry;
let metrics: CollectedMetrics;
let own: SmtpSink;
let dns: RunningDnsServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
  const authority = await createCertificateAuthority({ name: 'Own' });
  await writeFile(join(folder, 'own.pem'), authority.certificatePem);
  own = await startSmtpSink({ tls: await authority.issueServer({ names: ['mail.demo.example'] }) });
  own.misbehave({ phase: 'rcpt-to', recipient: /nobody/, action: { reply: '550 5.1.1 No such user' } });
  dns = await startDnsServer({
    records: [{ type: 'TXT', name: 'citizen.example', data: ['v=spf1 ip4:192.0.2.1 -all'] }],
  });
});
afterAll(async () => {
  await own.stop();
  await dns.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
});
afterEach(async () => {
  await intake.close();
  await telemetry.shutdown();
});

const start = async (inbound: object) => {
  const mailServers = [
    { host: '127.0.0.1', port: own.port, tlsName: 'mail.demo.example', caFile: join(folder, 'own.pem') },
  ];
  const outside = { dns: { servers: [{ address: dns.address, port: dns.port }], timeoutSeconds: 1 } };
  intake = await startTestIntake({ tenant: { mailServers }, outside, inbound });
};
const client = async (): Promise<Dialogue> => {
  const one = await dialogue(intake.inboundPort);
  await one.say('EHLO mx.citizen.example\r\n');
  return one;
};
/** By what they are told apart; what is counted from zero is left out. */
const counted = async (metric: string, attribute: string): Promise<Record<string, number>> => {
  const points = (await metrics.points(metric)).filter(({ value }) => value > 0);
  return Object.fromEntries(points.map(({ attributes, value }) => [String(attributes[attribute]), value]));
};
const refusals = () => counted('securemail.emails.refused', 'securemail.problem');

it('a network has so many connections at a time, and another one when one of them has ended', async () => {
  await start({ limits: { connections: 2 } });
  const [first] = [await client(), await client()];
  const refused = await dialogue(intake.inboundPort);
  expect(await refused.say('EHLO mx.citizen.example\r\n')).toMatch(/^closed|^421/);
  expect(await refusals()).toEqual({ 'too-many-connections': 1 });
  await first.say('QUIT\r\n');
  await first.rest();
  expect(await (await client()).say('NOOP\r\n')).toMatch(/^250/);
});

it('a connection that is refused because there are too many in all gives nobody another one', async () => {
  await start({ maxConnections: 1, limits: { connections: 1 } });
  const first = await client();
  for (let tries = 0; tries < 3; tries += 1) (await dialogue(intake.inboundPort)).cut();
  await first.rest();
  const second = await dialogue(intake.inboundPort);
  expect(await second.say('NOOP\r\n')).toMatch(/^closed|^421/);
  await first.say('QUIT\r\n');
  await first.rest();
  expect(await (await client()).say('NOOP\r\n')).toMatch(/^250/);
});

it('a network hands in so many mails a minute, over however many connections', async () => {
  await start({ limits: { mailsPerMinute: 2 } });
  const replies = [];
  for (let mails = 0; mails < 3; mails += 1)
    replies.push(await (await client()).say('MAIL FROM:<bo@citizen.example>\r\n'));
  expect(replies.map((reply) => reply.slice(0, 9))).toEqual(['250 2.1.0', '250 2.1.0', '450 4.7.1']);
  expect(replies.at(-1)).toContain('[too-many-mails]');
  expect(await refusals()).toEqual({ 'too-many-mails': 1 });
});

it('who tries out names is told nothing more, also of those that there are', async () => {
  await start({ limits: { unknownRecipientsPerHour: 3 } });
  const one = await client();
  await one.say('MAIL FROM:<bo@citizen.example>\r\n');
  for (const name of ['nobody1', 'nobody2', 'anna', 'nobody3'])
    await one.say(`RCPT TO:<${name}@demo.example>\r\n`);
  expect(await one.say('RCPT TO:<ib@demo.example>\r\n')).toMatch(
    /^421 4\.7\.0 .*\[too-many-unknown-recipients\]/,
  );
  const other = await client();
  await other.say('MAIL FROM:<bo@citizen.example>\r\n');
  expect(await other.say('RCPT TO:<anna@demo.example>\r\n')).toMatch(/^421 4\.7\.0 /);
  expect(await refusals()).toEqual({ 'unknown-recipient': 3, 'too-many-unknown-recipients': 2 });
  expect(await counted('securemail.mailboxes.asked', 'securemail.outcome')).toMatchObject({
    unknown: 3,
    known: 1,
  });
});

describe('a filter in front', () => {
  const LIMITS = { connections: 1, mailsPerMinute: 1, unknownRecipientsPerHour: 1 };
  const send = async (received: string) => {
    const one = await client();
    for (const line of ['MAIL FROM:<bo@citizen.example>', 'RCPT TO:<anna@demo.example>', 'DATA'])
      await one.say(`${line}\r\n`);
    expect(await one.say(received + MESSAGE)).toMatch(/^250 /);
    return (await intake.accepted()).at(-1);
  };

  it('is held to no limit, and SPF is about who handed the mail to it', async () => {
    await start({ limits: LIMITS, trustedNetworks: ['127.0.0.1'] });
    const by = 'by filter.example with ESMTPS id 1; Thu, 1 Jan 2026 00:00:00 +0000\r\n';
    for (const [field, spf] of [
      [`Received: from mx.citizen.example (mx.citizen.example [192.0.2.1]) ${by}`, 'pass'],
      [`Received: from mx.citizen.example (unknown [203.0.113.5]) ${by}`, 'fail'],
      [`Received: from [192.0.2.1] ${by}`, 'none'],
      ['', 'none'],
    ] as const)
      expect((await send(field))?.data.arrival?.authentication.spf).toBe(spf);
    const one = await client();
    await one.say('MAIL FROM:<bo@citizen.example>\r\n');
    for (const name of ['nobody1', 'nobody2', 'nobody3'])
      expect(await one.say(`RCPT TO:<${name}@demo.example>\r\n`)).toMatch(/^550 5\.1\.1 /);
  });

  it('is what it is said to be in the settings, and not in a header', async () => {
    await start({ trustedNetworks: ['198.51.100.0/24'] });
    const event = await send('Received: from mx (mx [192.0.2.1]) by filter.example; now\r\n');
    expect(event?.data.arrival?.authentication.spf).toBe('fail');
  });
});
