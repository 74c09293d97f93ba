// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, startSmtpSink, type SmtpSink } from '@securemail/testing';
import { simpleParser } from 'mailparser';
import { startAllInOne, type RunningGateway } from './all-in-one.ts';
import { AllSettings } from './settings.ts';
import { ensureDemoFiles, PEOPLE } from './world/demo-files.ts';
import { demoSettings } from './world/demo-settings.ts';

const NOBODY = 'z@nowhere.example';

let folder: string;
let sink: SmtpSink;
let apiKey: string;
let gateway: RunningGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'held-and-deferred-test-'));
  const paths = await ensureDemoFiles(folder);
  const [certificatePem, keyPem] = await Promise.all(
    [paths.mailServerCertificate, paths.mailServerKey].map((file) => readFile(file, 'utf8')),
  );
  apiKey = await readFile(paths.apiKey, 'utf8');
  const databaseUrl = await createDatabase();
  // Receipts go over verified TLS, or wait.
  sink = await startSmtpSink({ tls: { certificatePem: certificatePem!, keyPem: keyPem! } });
  const ports = { ownMailServerPort: sink.port, outsidePort: sink.port, smtpPort: 0 };
  const demo = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  const settings = AllSettings.parse({ ...demo, delivery: { retrySeconds: [3] } });
  gateway = await startAllInOne(settings, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await gateway.close();
  await sink.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask<Body>(path: string, body?: object): Promise<Body> {
  const response = await fetch(`${gateway.url}/v1${path}`, {
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return (await response.json()) as Body;
}
/** What Anna was told so far, oldest first. */
const told = async () => {
  const receipts = sink.received(({ rcptTo, mailFrom }) => rcptTo.includes(PEOPLE.anna) && mailFrom === '');
  return Promise.all(receipts.map(({ content }) => simpleParser(content)));
};
const toldUntil = async (count: number) => {
  while ((await told()).length < count) await sleep(50);
  return (await told())[count - 1]!;
};

it('who sends is told of a hold, until when, and of a decision, while another server takes nothing yet', async () => {
  sink.misbehave({ phase: 'rcpt-to', action: { reply: '450 4.2.1 Later' }, recipient: PEOPLE.person });
  const since = Date.now();
  const to = [NOBODY, PEOPLE.person];
  const mail = { from: PEOPLE.anna, to, subject: 'Journal', text: 'Dear all', secure: true };
  const { emailId } = await ask<{ emailId: string }>('/emails', mail);
  const first = await toldUntil(1);
  expect(Date.now() - since).toBeLessThan(60_000);
  expect(first.subject).toBe('Partly held: Journal');
  expect(first.text).toContain(`${PEOPLE.person}\n  Not sent yet: `);
  // What the sender is told is when crypto ends it.
  const { endsAt } = await ask<{ endsAt: string }>(`/held/${emailId}`);
  const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  expect(first.text).toContain(`Until ${words.format(new Date(endsAt))} UTC, then`);

  await ask(`/held/${emailId}/reject`, { by: 'Ida Iversen', reason: 'mistyped' });
  const second = await toldUntil(2);
  expect(second.subject).toBe('Partly not sent: Journal');
  expect(second.text).toContain(`${NOBODY}\n  Not sent: Ida Iversen decided so (mistyped).`);

  sink.behave();
  const last = await toldUntil(3);
  expect(last.subject).toBe('Partly sent: Journal');
  expect(last.text).toContain(`${PEOPLE.person}\n  Sent `);
  await sleep(1_000);
  expect(await told()).toHaveLength(3);
});
