// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainEvent, EmailId } from '@securemail/contracts';
import { createApiKey } from '@securemail/service';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

interface Answer {
  status: number;
  body: {
    type?: string;
    detail?: string;
    errors?: { path: string }[];
    held?: { emailId: string; recipients: object[] }[];
    next?: string | null;
    recipientIds?: string[];
    recipients?: object[];
    warnings?: object[];
    endsAt?: string;
  };
}

const keys = { ida: createApiKey('ida'), app: createApiKey('app'), other: createApiKey('other') };
let world: CryptoWorld;
let running: { close(): Promise<void>; url: string | null };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holding-test-'));
  const forwarding = async (domain: string) => {
    const file = join(folder, `${domain}.csv`);
    await writeFile(file, `Mailbox,RedirectTo\nola@${domain},ola@private.example\n`);
    return [file];
  };
  world = await openCryptoWorld({
    demo: {
      forwardingFiles: await forwarding('demo.example'),
      guards: { forwardsOutside: 'refuse' },
      apiKeys: [
        { id: 'ida', sha256: keys.ida.sha256, senders: ['*@demo.example'], scopes: ['held:decide'] },
        { id: 'app', sha256: keys.app.sha256, senders: ['*@demo.example'] },
      ],
    },
    keyless: {
      forwardingFiles: await forwarding('keyless.example'),
      apiKeys: [
        { id: 'other', sha256: keys.other.sha256, senders: ['*@keyless.example'], scopes: ['held:decide'] },
      ],
    },
  });
  running = await world.start(SETTINGS);
});
afterAll(async () => {
  await running.close();
  await world.close();
  await rm(folder, { recursive: true });
});

const SETTINGS = { http: { port: 0 }, rereadSeconds: 1, holdWatchSeconds: 0.2 };
const NOBODY = 'nobody@nowhere.example';
const BO = 'bo@citizen.example';
const KIM = 'kim@citizen.example';

async function ask(path: string, body?: object, key: string | null = keys.ida.key): Promise<Answer> {
  const response = await fetch(`${running.url ?? ''}/v1/held${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const ida = { by: 'Ida Iversen', reason: 'it is fine now' };
const heldMail = async (to: string[] = [NOBODY]): Promise<EmailId> => {
  const emailId = await world.accept({ to });
  await world.outcome(emailId);
  return emailId;
};
const eventsOf = async (emailId: EmailId, wanted: (events: DomainEvent[]) => boolean) => {
  for (;;) {
    const events = await world.events(emailId);
    if (wanted(events)) return events;
    await sleep(20);
  }
};
const plans = (count: number) => (events: DomainEvent[]) =>
  named(events, 'ProtectionPlanned').length === count;

describe('what is held', () => {
  it('is listed with who and why, page by page, for who may decide', async () => {
    const emailIds = [await heldMail(), await heldMail([BO, NOBODY]), await heldMail(['x@missing.example'])];
    const first = await ask('?limit=2');
    const second = await ask(`?limit=200&cursor=${first.body.next ?? ''}`);
    const all = [...first.body.held!, ...second.body.held!].map(({ emailId }) => emailId);
    expect(all.slice(0, 3)).toEqual(emailIds.toReversed());
    expect(first.body.held![1]).toMatchObject({
      from: 'anna@demo.example',
      subject: 'Journal',
      recipients: [
        {
          recipientId: 'r2',
          address: NOBODY,
          because: 'mailbox-not-available',
          text: expect.stringMatching(/^no certificate and no verified TLS/),
        },
      ],
    });
    const found = await ask('?because=domain-not-found');
    expect(found.body.held!.map(({ emailId }) => emailId)).toEqual([emailIds[2]]);
    const { body } = await ask(`/${emailIds[0]!}`);
    const days = (Date.parse(body.endsAt!) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });

  it.each([
    [null, 401, '/errors/unauthenticated'],
    [keys.app.key, 403, '/errors/forbidden'],
  ])('is shown to nobody else: %#', async (key, status, type) => {
    const emailId = await heldMail();
    for (const path of ['', `/${emailId}`]) {
      const answer = await ask(path, undefined, key);
      expect([answer.status, answer.body.type]).toEqual([status, type]);
    }
    expect((await ask(`/${emailId}/release`, ida, key)).status).toBe(status);
  });

  it('hides no other where what was kept of it was damaged', async () => {
    const [damaged, whole] = [await heldMail(), await heldMail()];
    await world.pool.query(
      `update crypto.held set acceptance = jsonb_set(acceptance, '{personal}', to_jsonb(reverse(acceptance ->> 'personal')))
        where email_id = $1`,
      [damaged],
    );
    const { status, body } = await ask('?limit=2');
    expect(status).toBe(200);
    expect(body.held).toMatchObject([
      { emailId: whole, recipients: [{ address: NOBODY }] },
      { emailId: damaged, recipients: [{ address: null }] },
    ]);
  });

  it('is held no more for anybody who asks while its release is worked on', async () => {
    const emailId = await heldMail();
    await world.pool.query(`update crypto.held set recipients = '{}' where email_id = $1`, [emailId]);
    expect(await ask(`/${emailId}`)).toMatchObject({ status: 404, body: { type: '/errors/email-not-held' } });
  });

  it('of another organisation is as if it were not there', async () => {
    const emailId = await heldMail();
    expect((await ask(`/${emailId}`, undefined, keys.other.key)).status).toBe(404);
    expect((await ask(`/${emailId}/reject`, ida, keys.other.key)).status).toBe(404);
    expect((await ask('', undefined, keys.other.key)).body.held).toEqual([]);
  });
});

describe('a release', () => {
  it('protects what can be protected by now, in a message of its own number', async () => {
    const emailId = await heldMail([BO, 'new@citizen.example']);
    expect((await ask(`/${emailId}`)).body.recipients).toHaveLength(1);
    const { certificatePem } = await world.cast.authority.issuePerson({
      email: 'new@citizen.example',
      name: 'new',
    });
    await world.cast.write('people/new.pem', certificatePem);
    await sleep(2_500);
    const answer = await ask(`/${emailId}/release`, ida);
    expect(answer).toEqual({ status: 202, body: { emailId, recipientIds: ['r2'], warnings: [] } });
    const events = await eventsOf(emailId, plans(2));
    expect(
      named(events, 'EmailProtected').map(({ data }) => [data.protectedMessageId, data.recipientIds]),
    ).toEqual([
      ['m1', ['r1']],
      ['m2', ['r2']],
    ]);
    expect(named(events, 'EmailReleased')[0]).toMatchObject({
      data: { keyId: 'ida' },
      personal: { ...ida, changes: [] },
    });
    expect((await ask(`/${emailId}`)).status).toBe(404);
  });

  it('holds again whom still nothing safe leads to', async () => {
    const emailId = await heldMail();
    expect((await ask(`/${emailId}/release`, ida)).status).toBe(202);
    const events = await eventsOf(emailId, plans(2));
    expect(named(events, 'EmailHeld')).toHaveLength(2);
    expect(named(events, 'EmailProtected')).toEqual([]);
    expect((await ask(`/${emailId}`)).body.recipients).toHaveLength(1);
  });

  it('may correct an address', async () => {
    const emailId = await heldMail(['bo@citizn.example']);
    const changes = [{ recipientId: 'r1', address: BO }];
    await ask(`/${emailId}/release`, { ...ida, changes });
    const events = await eventsOf(emailId, plans(2));
    const [made] = named(events, 'EmailProtected');
    expect(made!.data).toMatchObject({ method: 'smime-personal', recipientIds: ['r1'] });
    expect(made!.personal!.recipients).toMatchObject([{ recipientId: 'r1', address: BO }]);
  });

  it('tells those who are corrected nothing of one another, nor the others of them', async () => {
    const emailId = await heldMail([BO, 'kim@citizn.example', 'lee@citizn.example']);
    const changes = [
      { recipientId: 'r2', address: KIM },
      { recipientId: 'r3', address: 'renewed@citizen.example' },
    ];
    expect((await ask(`/${emailId}/release`, { ...ida, changes })).status).toBe(202);
    const made = named(await eventsOf(emailId, plans(2)), 'EmailProtected');
    expect(made.map(({ data }) => data.recipientIds)).toEqual([['r1'], ['r2'], ['r3']]);
    for (const { data } of made) expect(data.encryption!.certificateSha256).toHaveLength(1);
  });

  it('to who is a recipient already is refused, and nothing is decided', async () => {
    const emailId = await heldMail([BO, 'kim@citizn.example', 'lee@citizn.example']);
    const changes = [
      { recipientId: 'r2', address: KIM },
      { recipientId: 'r3', address: 'Bo@citizen.example' },
    ];
    const { status, body } = await ask(`/${emailId}/release`, { ...ida, changes });
    expect([status, body.type, body.errors!.map(({ path }) => path)]).toEqual([
      422,
      '/errors/invalid-request',
      ['changes.1.address'],
    ]);
    expect(named(await world.events(emailId), 'EmailReleased')).toEqual([]);
    expect((await ask(`/${emailId}`)).body.recipients).toHaveLength(2);
  });

  it('to an own mailbox that forwards outside is refused where the settings of the sender refuse that', async () => {
    const emailId = await heldMail([NOBODY, 'other@nowhere.example']);
    const changes = [
      { recipientId: 'r1', address: BO },
      { recipientId: 'r2', address: 'Ola+x@demo.example' },
    ];
    expect(await ask(`/${emailId}/release`, { ...ida, changes })).toMatchObject({
      status: 422,
      body: {
        type: '/errors/forwards-outside',
        detail: expect.stringContaining('Mail to Ola+x@demo.example is forwarded outside'),
        errors: [{ path: 'changes.1.address', message: expect.stringContaining('was not sent') }],
      },
    });
    expect(named(await world.events(emailId), 'EmailReleased')).toEqual([]);
    expect(named(await world.events(emailId), 'ReleaseRefused')).toMatchObject([
      {
        data: { guards: [{ guard: 'forwards-outside', action: 'refuse', recipientIds: ['r2'] }] },
        personal: { by: ida.by, reason: ida.reason },
      },
    ]);
    // It is still there to be decided about.
    expect((await ask(`/${emailId}`)).body.recipients).toHaveLength(2);
    expect((await ask(`/${emailId}/reject`, ida)).status).toBe(200);
  });

  it('to an own mailbox that forwards outside goes where they allow it, and who decides is warned', async () => {
    const emailId = await world.accept({ from: 'kim@keyless.example', to: [NOBODY] });
    await world.outcome(emailId);
    const changes = [{ recipientId: 'r1', address: 'ola@keyless.example' }];
    expect(await ask(`/${emailId}/release`, { ...ida, changes }, keys.other.key)).toMatchObject({
      status: 202,
      body: {
        warnings: [
          {
            recipientId: 'r1',
            warning: 'forwards-outside',
            text: expect.stringContaining('ola@keyless.example'),
          },
        ],
      },
    });
    expect(named(await world.events(emailId), 'EmailReleased')).toMatchObject([
      { data: { guards: [{ guard: 'forwards-outside', action: 'allow', recipientIds: ['r1'] }] } },
    ]);
  });

  it('shows whom it could not reach by the corrected address', async () => {
    const emailId = await heldMail();
    const address = 'other@nowhere.example';
    await ask(`/${emailId}/release`, { ...ida, changes: [{ recipientId: 'r1', address }] });
    await eventsOf(emailId, plans(2));
    expect((await ask(`/${emailId}`)).body.recipients).toMatchObject([{ recipientId: 'r1', address }]);
  });
});

it('two releases of one email are both worked on, though the second came before the first was done', async () => {
  const emailId = await heldMail([NOBODY, 'other@nowhere.example']);
  const unlock = await world.lock('crypto.inbox');
  try {
    const changes = (recipientId: string, address: string) => ({
      recipientIds: [recipientId],
      changes: [{ recipientId, address }],
    });
    for (const change of [changes('r1', BO), changes('r2', KIM)])
      expect((await ask(`/${emailId}/release`, { ...ida, ...change })).status).toBe(202);
  } finally {
    await unlock();
  }
  const events = await eventsOf(emailId, plans(3));
  expect(named(events, 'EmailProtected').flatMap(({ data }) => data.recipientIds)).toEqual(['r1', 'r2']);
  expect((await ask(`/${emailId}`)).status).toBe(404);
});

describe('a rejection', () => {
  it('is of those that are named, and the others wait on', async () => {
    const emailId = await heldMail([NOBODY, 'other@nowhere.example']);
    const answer = await ask(`/${emailId}/reject`, { ...ida, recipientIds: ['r1'] });
    expect(answer).toEqual({ status: 200, body: { emailId, recipientIds: ['r1'] } });
    expect((await ask(`/${emailId}`)).body.recipients).toMatchObject([{ recipientId: 'r2' }]);
    const again = await ask(`/${emailId}/reject`, { ...ida, recipientIds: ['r1'] });
    expect([again.status, again.body.type]).toEqual([409, '/errors/recipient-not-held']);
    await ask(`/${emailId}/reject`, ida);
    expect((await ask(`/${emailId}/reject`, ida)).status).toBe(404);
    const events = await world.events(emailId);
    expect(named(events, 'EmailRejected').map(({ data }) => data.recipientIds)).toEqual([['r1'], ['r2']]);
  });

  it('comes by itself where nobody decides in time', async () => {
    const emailId = await heldMail();
    await world.pool.query("update held set ends_at = now() - interval '1 second' where email_id = $1", [
      emailId,
    ]);
    const events = await eventsOf(emailId, (all) => named(all, 'EmailRejected').length > 0);
    expect(named(events, 'EmailRejected').map(({ data }) => data.because)).toEqual(['hold-ended']);
    expect((await ask(`/${emailId}`)).status).toBe(404);
  });
});

it('of many who decide at the same moment one does', async () => {
  const emailId = await heldMail();
  const answers = await Promise.all(
    // A rejection is for good; after a release there may be somebody to decide about again.
    Array.from({ length: 8 }, () => ask(`/${emailId}/reject`, ida)),
  );
  expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
  for (const { status, body } of answers) {
    expect([200, 404, 409]).toContain(status);
    if (body.type === '/errors/already-decided')
      expect(body.detail).toMatch(
        /^Ida Iversen (released|rejected) r1 at the same moment\.$|^An earlier release/,
      );
  }
  const events = await world.events(emailId);
  expect(events.filter(({ name }) => name === 'EmailReleased' || name === 'EmailRejected')).toHaveLength(1);
});

it.each([
  ['nobody decides', { reason: 'x' }, 'by'],
  ['nobody says why', { by: 'Ida' }, 'reason'],
  ['the reason has several lines', { by: 'Ida', reason: 'a\r\nBcc: x' }, 'reason'],
  ['the reason is on two lines for a browser', { by: 'Ida', reason: 'a\u2028b' }, 'reason'],
  ['what follows the name is turned round', { by: 'Ida \u202e', reason: 'a' }, 'by'],
  ['a field is unknown', { ...ida, method: 'none' }, 'method'],
  [
    'somebody is corrected twice',
    {
      ...ida,
      changes: ['a@citizen.example', 'b@citizen.example'].map((address) => ({ recipientId: 'r1', address })),
    },
    'changes.1.recipientId',
  ],
  ['an address is none', { ...ida, changes: [{ recipientId: 'r1', address: 'nobody' }] }, 'changes'],
])('a decision is refused where %s', async (_, body, path) => {
  const emailId = await heldMail();
  const answer = await ask(`/${emailId}/release`, body);
  expect([answer.status, answer.body.type]).toEqual([422, '/errors/invalid-request']);
  expect(answer.body.errors!.map((error) => error.path).join()).toContain(path);
});
