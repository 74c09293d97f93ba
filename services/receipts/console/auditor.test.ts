// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, type EmailId } from '@securemail/contracts';
import { parseVerifierKey, verifyExport } from '@securemail/ledger';
import { createApiKey } from '@securemail/service';
import { hashPassword } from '@securemail/sign-in';
import { writeLedgerKey } from '../testing/ledger-key.ts';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import { accepted, delivered, planned, started } from '../testing/story.ts';
import { ConsoleBrowser } from './testing/console-browser.ts';

const ORIGIN = 'http://localhost:8025';
const PASSWORD = 'a long password';
const TOKEN_KEY = 'a key of this test, of more than forty characters';
const bare = createApiKey('audit');
let world: ReceiptsWorld;
let folder: string;
let running: { close(): Promise<void> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auditor-test-'));
  const keyFile = await writeLedgerKey(folder);
  const passwordHash = await hashPassword(PASSWORD);
  world = await openReceiptsWorld({
    platform: { console: { url: ORIGIN, tokenKey: TOKEN_KEY } },
    tenants: {
      demo: {
        console: {
          accounts: [
            { name: 'aksel', fullName: 'Aksel Auditor', role: 'auditor', passwordHash },
            { name: 'olga', fullName: 'Olga Operator', role: 'operator', passwordHash },
          ],
        },
      },
    },
    moreKeys: { demo: [{ id: 'audit', sha256: bare.sha256, scopes: ['audit'] }] },
  });
  running = await world.start({ ledger: { origin: 'ledger.example', keyFile, checkpointSeconds: 0.2 } });
});
afterAll(async () => {
  await running.close();
  await world.close();
  await rm(folder, { recursive: true });
});

async function signedIn(name: string) {
  const browser = new ConsoleBrowser(() => world.url(), ORIGIN);
  expect(await browser.signIn(name, PASSWORD)).toMatchObject({ status: 200 });
  const token = await browser.token();
  const ask = async (path: string) => {
    const { status, text, type } = await world.ask(path, {}, token);
    const isJson = /json(?:;|$)/.test(type ?? '');
    return { status, text, body: (isJson ? JSON.parse(text) : null) as Replay };
  };
  return { browser, token, ask };
}
interface Replay {
  type: string;
  origin: string;
  size: number;
  checkpoint: { size: number } | null;
  verification: object | null;
  events: { leaf: number; recordedAt: string; name: string; personal: { subject?: string | null } }[];
  email: { state: string; from: string | null; subject: string | null } | null;
  projected: { state: string } | null;
  differences: object[] | null;
}
/** Until all of an email is in the ledger and in what is shown. */
async function told(events: number, emailId: EmailId): Promise<void> {
  for (;;) {
    const { rows } = await world.pool.query<{ recorded: string; shown: string }>(
      `select (select count(*) from ledger_leaves where email_id = $1) as recorded,
        (select count(*) from history where email_id = $1) as shown`,
      [emailId],
    );
    if (Number(rows[0]?.recorded) >= events && Number(rows[0]?.shown) >= events) return;
    await sleep(20);
  }
}
const sent = async () => {
  const emailId = newEmailId();
  await world.append(emailId, accepted({ to: ['bo@citizen.example'] }), planned([1]));
  await told(2, emailId);
  await world.append(emailId, started(1));
  await told(3, emailId);
  await world.append(emailId, delivered(1));
  await told(5, emailId);
  return emailId;
};
const namesIn = async (emailId: EmailId) => {
  const { rows } = await world.pool.query<{ name: string }>(
    `select content::jsonb->>'type' as name from ledger_leaves where email_id = $1 order by leaf`,
    [emailId],
  );
  return rows.map(({ name }) => name.split('.')[1]);
};

describe('an auditor', () => {
  it('sees an email as it was at any moment, and that what is shown follows from what was recorded', async () => {
    const emailId = await sent();
    const { ask } = await signedIn('aksel');
    const { status, body: now } = await ask(`/v1/ledger/replay/${emailId}`);
    expect(status).toBe(200);
    expect(now).toMatchObject({
      email: { state: 'sent', from: 'anna@demo.example', subject: null },
      projected: { state: 'sent' },
      differences: [],
    });
    const begun = now.events.find(({ name }) => name === 'DeliveryAttemptStarted')!;
    const then = await ask(`/v1/ledger/replay/${emailId}?leaf=${begun.leaf}`);
    expect(then.body).toMatchObject({ email: { state: 'in-progress' }, differences: null });
    expect(then.body.events.at(-1)).toMatchObject({ leaf: begun.leaf });
    const before = await ask(`/v1/ledger/replay/${emailId}?at=${begun.recordedAt}`);
    expect(before.body.email).toMatchObject({ state: 'accepted' });
    expect(before.body.events.map(({ name }) => name)).not.toContain('DeliveryAttemptStarted');
    expect((await ask(`/v1/ledger/replay/${emailId}?at=2020-01-01T00:00:00Z`)).body).toMatchObject({
      email: null,
      projected: null,
      events: [],
    });
    // He looked at it, and that is recorded as the looks of others are.
    while (!(await namesIn(emailId)).includes('EmailInspected')) await sleep(20);
  });

  it('is told where the gateway shows something else, also of what was never recorded', async () => {
    const emailId = await sent();
    await world.pool.query(`update emails set state = 'not-sent' where email_id = $1`, [emailId]);
    const { ask } = await signedIn('aksel');
    expect((await ask(`/v1/ledger/replay/${emailId}`)).body.differences).toEqual([
      { emailId, field: 'state', recorded: 'sent', shown: 'not-sent' },
    ]);
    const invented = newEmailId();
    await world.pool.query(
      `insert into emails select $1, tenant_id, state, accepted_at, deadline_at, settled_at, receipt_issued, deadline_missed
        from emails where email_id = $2`,
      [invented, emailId],
    );
    expect((await ask(`/v1/ledger/replay/${invented}`)).body).toMatchObject({
      email: null,
      differences: [{ field: 'email', recorded: null, shown: 'not-sent' }],
    });
    await world.pool.query('delete from emails where email_id = $1', [invented]);
    await world.pool.query(`update emails set state = 'sent' where email_id = $1`, [emailId]);
  });

  it('sees what a person did in a session', async () => {
    const other = await signedIn('olga');
    await other.ask('/v1/emails?address=bo@citizen.example');
    const { body: session } = await other.browser.ask('GET', '/console/v1/session');
    const { ask } = await signedIn('aksel');
    const sessionId = String(session['sessionId']) as EmailId;
    while (!(await namesIn(sessionId)).includes('ConsoleSearched')) await sleep(20);
    const { body } = await ask(`/v1/ledger/replay/${sessionId}`);
    expect(body).toMatchObject({ email: null, differences: [] });
    expect(body.events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'ConsoleSignedIn',
          personal: { by: 'Olga Operator', subject: 'olga' },
        }),
        expect.objectContaining({
          name: 'ConsoleSearched',
          personal: { by: 'Olga Operator', sought: 'bo@citizen.example' },
        }),
      ]),
    );
  });

  it('sees of an erased email all that happened, and nobody’s name', async () => {
    const emailId = await sent();
    await world.vault.erase(emailId);
    const { ask } = await signedIn('aksel');
    // Keys are remembered for some seconds.
    for (;;) {
      const { status, body } = await ask(`/v1/ledger/replay/${emailId}`);
      expect(status).toBe(200);
      if (body.email?.from !== null) {
        await sleep(200);
        continue;
      }
      expect(body).toMatchObject({ email: { state: 'sent' }, differences: [] });
      expect(JSON.stringify(body)).not.toContain('citizen');
      break;
    }
    const { text } = await ask(`/v1/ledger/export?emailId=${emailId}&by=Aksel%20Auditor&reason=yearly`);
    const verifier = parseVerifierKey((await ask('/v1/ledger/key')).text);
    expect((await verifyExport(Readable.from([Buffer.from(text)]), [verifier])).isVerified).toBe(true);
  });

  it('sees how far the ledger has come, and how it went when it was last verified', async () => {
    await sent();
    const { ask } = await signedIn('aksel');
    for (;;) {
      const { body } = await ask('/v1/ledger');
      if (body.checkpoint === null || body.verification === null) {
        await sleep(50);
        continue;
      }
      expect(body).toMatchObject({
        origin: 'ledger.example/demo',
        checkpoint: { root: expect.stringMatching(/^[\w+/]{43}=$/), note: expect.stringContaining('\n\n— ') },
        verification: { faultCount: 0, faults: [] },
      });
      expect(body.checkpoint.size).toBeLessThanOrEqual(body.size);
      return;
    }
  });

  it('takes an export under his own name, which stands in the history, and only while he is signed in', async () => {
    const emailId = await sent();
    const { ask, browser } = await signedIn('aksel');
    const path = (by: string) =>
      `/v1/ledger/export?emailId=${emailId}&by=${encodeURIComponent(by)}&reason=yearly`;
    const { status, text } = await ask(path('Aksel Auditor'));
    expect(status).toBe(200);
    const verifier = parseVerifierKey((await ask('/v1/ledger/key')).text);
    expect((await verifyExport(Readable.from([Buffer.from(text)]), [verifier])).isVerified).toBe(true);
    const { body: session } = await browser.ask('GET', '/console/v1/session');
    const { rows } = await world.pool.query(
      `select data->>'keyId' as "keyId" from events where name = 'AuditExported' and data->>'emailId' = $1`,
      [emailId],
    );
    expect(rows).toEqual([{ keyId: `console-${String(session['sessionId'])}` }]);
    expect(await ask(path('Somebody Else'))).toMatchObject({ status: 403 });
    await browser.ask('DELETE', '/console/v1/session');
    expect(await ask(path('Aksel Auditor'))).toMatchObject({ status: 401 });
    expect(await ask(`/v1/ledger/replay/${emailId}`)).toMatchObject({ status: 401 });
  });

  it('is not shown what no event would say that he saw: legal holds', async () => {
    const { ask } = await signedIn('aksel');
    expect(await ask('/v1/legal-holds')).toMatchObject({ status: 403 });
    expect((await world.get('/v1/legal-holds', bare.key)).status).toBe(200);
  });

  it('does nothing', async () => {
    const { token } = await signedIn('aksel');
    const by = { by: 'Aksel Auditor', reason: 'because' };
    for (const path of ['/v1/dead-letters/receipts/1/replay', '/v1/webhooks']) {
      const request = { method: 'POST', body: JSON.stringify(by) };
      const { status } = await world.ask(path, { 'Content-Type': 'application/json' }, token, request);
      expect([path, status]).toEqual([path, 403]);
    }
  });
});

describe('the ledger', () => {
  it('is for auditors alone, and an email of it for who may read emails, too', async () => {
    const emailId = await sent();
    const { ask } = await signedIn('olga');
    for (const path of [
      '',
      '/key',
      '/checkpoint',
      `/replay/${emailId}`,
      '/export?by=Olga%20Operator&reason=x',
    ])
      expect([path, (await ask(`/v1/ledger${path}`)).status]).toEqual([path, 403]);
    expect((await world.get('/v1/ledger', bare.key)).status).toBe(200);
    expect((await world.get(`/v1/ledger/replay/${emailId}`, bare.key)).status).toBe(403);
  });

  it('has nothing of another organisation’s email, of what is none, and of a moment that is none', async () => {
    const { ask } = await signedIn('aksel');
    const theirs = newEmailId();
    await world.appendFor('other', theirs, accepted({ to: ['bo@citizen.example'] }));
    await told(1, theirs);
    for (const id of [theirs, newEmailId(), 'what', '%00'])
      expect((await ask(`/v1/ledger/replay/${id}`)).status).toBe(404);
    for (const query of ['at=yesterday', 'leaf=-1', 'leaf=1&at=2026-01-01T00:00:00Z', 'leaf=1e99', 'what=1'])
      expect([query, (await ask(`/v1/ledger/replay/${newEmailId()}?${query}`)).status]).toEqual([query, 422]);
  });
});
