// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { createDatabase, startSmtpSink, type SmtpSink } from '@securemail/testing';
import pg from 'pg';
import { startAllInOne, type RunningGateway } from './all-in-one.ts';
import { AllSettings } from './settings.ts';
import { ensureDemoFiles, PEOPLE } from './world/demo-files.ts';
import { demoSettings } from './world/demo-settings.ts';

let folder: string;
let databaseUrl: string;
let sink: SmtpSink;
let apiKey: string;
let gateway: RunningGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'all-in-one-test-'));
  const paths = await ensureDemoFiles(folder);
  [databaseUrl, sink, apiKey] = await Promise.all([
    createDatabase(),
    startSmtpSink(),
    readFile(paths.apiKey, 'utf8'),
  ]);
  const ports = { ownMailServerPort: sink.port, outsidePort: sink.port, smtpPort: 0 };
  const settings = AllSettings.parse(demoSettings({ paths, databaseUrl, brokers: null, ...ports }));
  gateway = await startAllInOne(settings, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  jest.useRealTimers();
  await gateway.close();
  await sink.stop();
  await rm(folder, { recursive: true, force: true });
});

const headers = () => ({ Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' });
const send = () =>
  fetch(`${gateway.url}/v1/emails`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({ from: PEOPLE.anna, to: [PEOPLE.person], subject: 'Journal', text: 'Dear Bo' }),
  });
const probe = async (name: string) => {
  const response = await fetch(`${gateway.url}/health/${name}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
/** The clock goes on by that much; everything else keeps its pace. */
const later = (milliseconds: number) =>
  jest.useFakeTimers({
    now: Date.now() + milliseconds,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });

describe('the one port of all services', () => {
  it('says that each of them lives and is ready', async () => {
    expect(await probe('live')).toMatchObject({
      status: 200,
      body: {
        alive: true,
        services: {
          intake: { alive: true },
          crypto: { alive: true },
          delivery: { alive: true },
          receipts: { alive: true },
        },
      },
    });
    expect(await probe('ready')).toEqual({
      status: 200,
      body: {
        ready: true,
        missing: [],
        services: { intake: true, crypto: true, delivery: true, mailbox: true, receipts: true },
      },
    });
  });

  it('says that it does not live where work stands still in one of them', async () => {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    await client.query('begin; lock table crypto.inbox in exclusive mode');
    expect((await send()).status).toBe(202);
    const waiting = `select from pg_locks where not granted and relation = 'crypto.inbox'::regclass`;
    while ((await client.query(waiting)).rowCount === 0) await sleep(20);
    later(120_000);
    const stuck = await probe('live');
    jest.useRealTimers();
    await client.end();
    expect(stuck).toMatchObject({
      status: 503,
      body: { alive: false, services: { intake: { alive: true }, crypto: { alive: false } } },
    });
  });

  it('takes settings of a person, which count at the intake and in crypto within seconds, without a restart', async () => {
    const path = `${gateway.url}/v1/admin/settings/people/${encodeURIComponent(PEOPLE.anna)}`;
    const settings = { whenNotAskedSecure: 'refuse', forbiddenMethods: ['smime-personal'] };
    const changed = await fetch(path, {
      method: 'PATCH',
      headers: { ...headers(), 'If-Match': '"0"' },
      body: JSON.stringify({ by: 'Ida Iversen', reason: 'agreed', settings }),
    });
    expect(changed.status).toBe(200);
    const unasked = {
      from: PEOPLE.anna,
      to: [PEOPLE.person],
      subject: 'Journal',
      text: 'Dear Bo',
      secure: false,
    };
    const sendUnasked = (from: string) =>
      fetch(`${gateway.url}/v1/emails`, {
        method: 'POST',
        headers: headers(),
        body: JSON.stringify({ ...unasked, from }),
      });
    while ((await sendUnasked(PEOPLE.anna)).status === 202) await sleep(100);
    expect(await (await sendUnasked(PEOPLE.anna)).json()).toMatchObject({ type: '/errors/not-secure' });
    expect((await sendUnasked('somebody-else@demo.example')).status).toBe(202);
    const asked = await fetch(`${gateway.url}/v1/recipients/check`, {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify({ from: PEOPLE.anna, recipients: [PEOPLE.person] }),
    });
    expect(await asked.json()).toMatchObject({
      recipients: [
        { passedOver: expect.arrayContaining([expect.objectContaining({ because: 'method-forbidden' })]) },
      ],
    });
  });

  it('closes within its grace where somebody holds an upload open, and answers nobody that it has the mail', async () => {
    const upload = request(`${gateway.url}/v1/emails`, { method: 'POST', headers: headers() });
    const ended = once(upload, 'error');
    upload.on('response', () => {
      throw new Error('half a mail was answered');
    });
    upload.write('{"from":');
    await sleep(200);
    const begun = Date.now();
    await gateway.close();
    expect(Date.now() - begun).toBeLessThan(20_000);
    await ended;
    gateway = { ...gateway, close: () => Promise.resolve() };
  }, 40_000);
});
