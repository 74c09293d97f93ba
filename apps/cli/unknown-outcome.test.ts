// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, startSmtpSink, type SmtpSink } from '@securemail/testing';
import pg from 'pg';
import { startAllInOne, type RunningGateway } from './all-in-one.ts';
import { AllSettings } from './settings.ts';
import { ensureDemoFiles, PEOPLE } from './world/demo-files.ts';
import { demoSettings } from './world/demo-settings.ts';

interface Email {
  state: string;
  recipients: { status: string; mayBeDuplicate: boolean; perhapsSent?: boolean }[];
  receipt: object | null;
}
interface Held {
  recipients: object[];
}

let folder: string;
let databaseUrl: string;
let sink: SmtpSink;
let apiKey: string;
let gateway: RunningGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unknown-outcome-test-'));
  const paths = await ensureDemoFiles(folder);
  [databaseUrl, sink, apiKey] = await Promise.all([
    createDatabase(),
    startSmtpSink(),
    readFile(paths.apiKey, 'utf8'),
  ]);
  const ports = { ownMailServerPort: sink.port, outsidePort: sink.port, smtpPort: 0 };
  const demo = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  const settings = AllSettings.parse({
    ...demo,
    tenants: demo.tenants.map((tenant) => ({ ...tenant, whenOutcomeUnknown: 'hold' })),
    crypto: { ...demo.crypto, holdWatchSeconds: 0.2 },
  });
  gateway = await startAllInOne(settings, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await gateway.close();
  await sink.stop();
  await rm(folder, { recursive: true, force: true });
});

const ida = { by: 'Ida Iversen', reason: 'Bo has not got it' };

async function ask(path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${gateway.url}/v1${path}`, {
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function until<Body>(path: string, wanted: (body: Body) => boolean): Promise<Body> {
  for (;;) {
    const { status, body } = await ask(path);
    if (status === 200 && wanted(body as Body)) return body as Body;
    await sleep(50);
  }
}

/** A mail that the other side has taken, and could not say so. */
async function sendInVain(): Promise<string> {
  sink.clear();
  sink.behave();
  sink.misbehave({ phase: 'final-dot', action: 'drop', keeps: true, times: 1, recipient: PEOPLE.person });
  const mail = { from: PEOPLE.anna, to: [PEOPLE.person], subject: 'Journal', text: 'Dear Bo', secure: true };
  const { emailId } = (await ask('/emails', mail)).body as { emailId: string };
  await until<Email>(`/emails/${emailId}`, ({ state }) => state === 'held');
  await until<Held>(`/held/${emailId}`, () => true);
  return emailId;
}

const settled = (emailId: string) =>
  until<Email>(
    `/emails/${emailId}`,
    ({ state, receipt }) => state !== 'held' && state !== 'in-progress' && receipt !== null,
  );
const receiptOf = async (emailId: string, words: RegExp) =>
  until<{ text: string; recipients: { text: string }[] }>(`/emails/${emailId}/receipt`, ({ recipients }) =>
    words.test(recipients[0]!.text),
  );

describe('a mail of which nobody knows whether it arrived', () => {
  it('is held for that: told so to its sender, and listed with when and with which server it was', async () => {
    const emailId = await sendInVain();
    const { text } = await receiptOf(emailId, /^Perhaps sent: .* your administrator can send it again/);
    expect(text).toBe('It is not known whether your mail arrived.');
    const { held } = (await ask('/held?because=outcome-unknown')).body as { held: object[] };
    expect(held).toContainEqual(
      expect.objectContaining({
        emailId,
        from: PEOPLE.anna,
        recipients: [
          {
            recipientId: 'r1',
            address: PEOPLE.person,
            because: 'outcome-unknown',
            text: expect.stringContaining('nobody knows whether it arrived'),
            perhapsSent: { at: expect.any(String), nextHop: `127.0.0.1:${sink.port}` },
          },
        ],
      }),
    );
  });

  it('is sent again, octet for octet and as perhaps there twice, where a person releases it', async () => {
    const emailId = await sendInVain();
    const changes = [{ recipientId: 'r1', address: 'kim@citizen.example' }];
    const refused = await ask(`/held/${emailId}/release`, { ...ida, changes });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'changes.0.address' }] } });
    expect((await ask(`/held/${emailId}/release`, ida)).status).toBe(202);
    const email = await settled(emailId);
    expect(email.state).toBe('sent');
    expect(email.recipients).toMatchObject([{ status: 'sent', mayBeDuplicate: true }]);
    await receiptOf(emailId, /An earlier try may have arrived too/);
    const [first, second, ...others] = sink.received(({ rcptTo }) => rcptTo.includes(PEOPLE.person));
    expect(others).toEqual([]);
    expect(second!.content.equals(first!.content)).toBe(true);
    expect((await ask(`/held/${emailId}`)).status).toBe(404);
  });

  it('is held again where that ends the same way', async () => {
    const emailId = await sendInVain();
    sink.misbehave({ phase: 'final-dot', action: 'drop', keeps: true, times: 1, recipient: PEOPLE.person });
    expect((await ask(`/held/${emailId}/release`, ida)).status).toBe(202);
    await until<Held>(`/held/${emailId}`, ({ recipients }) => recipients.length === 1);
    await receiptOf(emailId, /each time we tried/);
    expect((await ask(`/held/${emailId}/release`, ida)).status).toBe(202);
    expect((await settled(emailId)).state).toBe('sent');
  });

  it('stays perhaps sent where a person rejects it, who is named with the reason', async () => {
    const emailId = await sendInVain();
    expect((await ask(`/held/${emailId}/reject`, { ...ida, reason: 'Bo has it' })).status).toBe(200);
    const { recipients } = await settled(emailId);
    expect(recipients).toMatchObject([{ status: 'rejected', perhapsSent: true }]);
    const { text } = await receiptOf(emailId, /Ida Iversen decided not to send it again \(Bo has it\)/);
    expect(text).toBe('It is not known whether your mail arrived.');
    expect(sink.received(({ rcptTo }) => rcptTo.includes(PEOPLE.person))).toHaveLength(1);
  });

  it('and stays so where nobody decides in time', async () => {
    const emailId = await sendInVain();
    const client = new pg.Client(databaseUrl);
    await client.connect();
    await client.query(`update crypto.held set ends_at = now() - interval '1 second' where email_id = $1`, [
      emailId,
    ]);
    await client.end();
    const { recipients } = await settled(emailId);
    expect(recipients).toMatchObject([{ status: 'rejected', because: 'hold-ended', perhapsSent: true }]);
    await receiptOf(emailId, /^Perhaps sent: .* nobody decided in time whether to send it again/);
    expect((await ask(`/held/${emailId}`)).status).toBe(404);
  });
});
