// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { EmailId, newEmailId, TenantId, type NewEvent } from '@securemail/contracts';
import { personToken } from '@securemail/service';
import { hashPassword } from '@securemail/sign-in';
import { jwtVerify, SignJWT } from 'jose';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import {
  accepted,
  BO,
  bounced,
  corrected,
  delivered,
  held,
  KIM,
  planned,
  released,
  reported,
  started,
} from '../testing/story.ts';
import { ConsoleBrowser } from './testing/console-browser.ts';

const ORIGIN = 'http://localhost:8025';
const KEY = 'a key of this test, of more than forty characters';
const PASSWORD = 'a long password';
const MORE = {
  fullName: { rita: 'Rita Reader', dora: 'Dora Decider', aksel: 'Aksel Auditor' } as Record<string, string>,
};

let world: ReceiptsWorld;
let running: { close(): Promise<void> };
const account = (name: string, role: string, passwordHash: string) => ({
  name,
  role,
  passwordHash,
  ...(MORE.fullName[name] === undefined ? {} : { fullName: MORE.fullName[name] }),
});
beforeAll(async () => {
  const hash = await hashPassword(PASSWORD);
  world = await openReceiptsWorld({
    platform: {
      console: {
        url: ORIGIN,
        tokenKey: KEY,
        traceUrl: 'https://traces.example/{traceId}',
        logsUrl: 'https://logs.example/?q={emailId}',
      },
    },
    tenants: {
      demo: {
        console: {
          accounts: [
            account('rita', 'reader', hash),
            account('dora', 'decider', hash),
            account('olga', 'operator', hash),
            account('aksel', 'auditor', hash),
          ],
        },
      },
      other: { console: { accounts: [account('oskar', 'operator', hash)] } },
    },
  });
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const newBrowser = () => new ConsoleBrowser(() => world.url(), ORIGIN);
async function signedIn(name: string) {
  const browser = newBrowser();
  expect(await browser.signIn(name, PASSWORD)).toMatchObject({ status: 200 });
  return browser;
}
const as = async (browser: ConsoleBrowser, path: string) => world.get(path, await browser.token());
const sessionIdOf = async (browser: ConsoleBrowser) => {
  const { payload } = await jwtVerify(await browser.token(), new TextEncoder().encode(KEY));
  return EmailId.parse(payload.sub);
};
const findable = async (emailId: EmailId) => {
  const query = 'select from emails where email_id = $1 and findable';
  while ((await world.pool.query(query, [emailId])).rowCount === 0) await sleep(20);
};
const newEmail = async () => {
  const emailId = newEmailId();
  await world.append(emailId, accepted());
  await findable(emailId);
  return emailId;
};

describe('signing in', () => {
  it('says how, where there is more than one organisation, once that is named', async () => {
    const { body } = await newBrowser().ask('GET', '/console/v1/ways');
    expect(body).toEqual({ organisation: null, openIdConnect: null, passwords: true });
    const named = await newBrowser().ask('GET', '/console/v1/ways?organisation=Demo.Example');
    expect(named.body).toMatchObject({ organisation: { id: 'demo', name: 'demo' } });
    expect((await newBrowser().ask('GET', '/console/v1/ways?organisation=nobody')).status).toBe(404);
  });

  it('shows who is signed in, and stands in the history with his name', async () => {
    const browser = await signedIn('rita');
    const { body, headers } = await browser.ask('GET', '/console/v1/session');
    expect(body).toMatchObject({
      name: 'Rita Reader',
      role: 'reader',
      organisation: { id: 'demo' },
      traceUrl: 'https://traces.example/{traceId}',
      logsUrl: 'https://logs.example/?q={emailId}',
      tokenSeconds: 120,
    });
    expect(headers.get('cache-control')).toBe('no-store');
    const [event] = await world.told(await sessionIdOf(browser));
    expect(event).toMatchObject({
      name: 'ConsoleSignedIn',
      data: { method: 'password', issuer: null, role: 'reader' },
      personal: { by: 'Rita Reader', subject: 'rita' },
    });
  });

  it.each([
    ['a wrong password', 'rita', 'a wrong password'],
    ['a name that nobody has', 'nobody', PASSWORD],
    ['a password of nothing but its hash', 'rita', '$argon2id$'],
  ])('refuses %s in the same words', async (_, name, password) => {
    const { status, body } = await newBrowser().signIn(name, password);
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { type: '/errors/wrong-password', detail: 'Name or password are wrong.' },
    });
  });

  it('takes no more than ten wrong ones of an account from one network, and the others go on', async () => {
    for (let tries = 0; tries < 10; tries += 1)
      expect((await newBrowser().signIn('olga', 'wrong')).status).toBe(422);
    // However it is written.
    for (const name of ['olga', 'OLGA', ' Olga '])
      expect((await newBrowser().signIn(name, 'wrong')).status).toBe(429);
    const { status, headers } = await newBrowser().signIn('olga', PASSWORD);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toBe('600');
    await signedIn('dora');
  });

  it.each([
    ['of another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['of a sibling', { Origin: ORIGIN, 'Sec-Fetch-Site': 'same-site' }],
  ])('takes nothing that a page %s has a browser do', async (_, headers) => {
    const asked = { name: 'rita', password: PASSWORD };
    const { status, body } = await newBrowser().ask('POST', '/console/v1/sign-ins/password', asked, headers);
    expect([status, body['type']]).toEqual([403, '/errors/cross-site']);
  });

  it('ends with signing out, in the history, too', async () => {
    const browser = await signedIn('rita');
    const sessionId = await sessionIdOf(browser);
    const before = new Map(browser.cookies);
    expect((await browser.ask('DELETE', '/console/v1/session')).status).toBe(204);
    expect((await browser.ask('GET', '/console/v1/session')).status).toBe(401);
    // Whoever kept the cookie.
    for (const [name, value] of before) browser.cookies.set(name, value);
    expect((await browser.ask('GET', '/console/v1/session')).status).toBe(401);
    expect((await world.told(sessionId)).map(({ name }) => name)).toEqual([
      'ConsoleSignedIn',
      'ConsoleSignedOut',
    ]);
  });

  it('ends where nobody used it for long; that a page asks by itself is no use', async () => {
    const browser = await signedIn('rita');
    const sessionId = await sessionIdOf(browser);
    const age = (minutes: number) =>
      world.pool.query(
        `update console_sessions set used_at = now() - $2 * interval '1 minute' where session_id = $1`,
        [sessionId, minutes],
      );
    await age(29);
    const renewed = await browser.ask('POST', '/console/v1/session', { used: false });
    expect(renewed.body['secondsLeft']).toBeLessThanOrEqual(60);
    const used = await browser.ask('POST', '/console/v1/session', { used: true });
    expect(used.body['secondsLeft']).toBeGreaterThan(1_700);
    await age(31);
    expect((await browser.ask('POST', '/console/v1/session', { used: true })).status).toBe(401);
  });
});

describe('who may not any more', () => {
  it('is signed out by the settings that say so', async () => {
    const browser = await signedIn('dora');
    const sessionId = await sessionIdOf(browser);
    const change = (column: string, value: string) =>
      world.pool.query(`update console_sessions set ${column} = $2 where session_id = $1`, [
        sessionId,
        value,
      ]);
    // As if settings had said so when she signed in.
    await change('role', 'operator');
    expect((await browser.ask('GET', '/console/v1/session')).status).toBe(401);
    await change('role', 'decider');
    expect((await browser.ask('GET', '/console/v1/session')).status).toBe(200);
    await change('account', 'gone');
    expect((await browser.ask('GET', '/console/v1/session')).status).toBe(401);
    await world.pool.query('update console_sessions set account = null where session_id = $1', [sessionId]);
    expect((await browser.ask('GET', '/console/v1/session')).status).toBe(401);
  });
});

describe('what a person asks the API by', () => {
  it('reads emails of the own organisation without their subjects; each that is looked at is written down once', async () => {
    const emailId = await newEmail();
    const browser = await signedIn('rita');
    const { body } = await as(browser, `/v1/emails/${emailId}`);
    expect(body).toMatchObject({ emailId, from: 'anna@demo.example', subject: null });
    for (const more of ['', '/events', '/trace']) await as(browser, `/v1/emails/${emailId}${more}`);
    const keyId = `console-${await sessionIdOf(browser)}`;
    const inspected = await world.until(`/v1/emails/${emailId}/events`, ({ events }) =>
      events.some(({ name }) => name === 'EmailInspected'),
    );
    expect(inspected.events.filter(({ name }) => name === 'EmailInspected')).toMatchObject([
      { data: { keyId }, personal: { by: 'Rita Reader' } },
    ]);
    const seen = await as(browser, `/v1/emails/${emailId}/events`);
    expect(seen.body.events[0]!.personal).toMatchObject({ mailFrom: 'anna@demo.example', subject: null });
    // Who holds a key of the organisation reads them as ever.
    expect((await world.get(`/v1/emails/${emailId}`)).body.subject).not.toBeNull();
  });

  it('reads nothing once the session has ended, for nobody would know of it', async () => {
    const emailId = await newEmail();
    const browser = await signedIn('rita');
    const token = await browser.token();
    expect((await world.get(`/v1/emails/${emailId}`, token)).status).toBe(200);
    await browser.ask('DELETE', '/console/v1/session');
    for (const path of [
      `/v1/emails/${emailId}`,
      `/v1/emails/${emailId}/events`,
      `/v1/emails/${emailId}/trace`,
      '/v1/emails',
      `/v1/emails?address=${encodeURIComponent(BO)}`,
    ])
      expect((await world.get(path, token)).status).toBe(401);
  });

  it('is looked at in a time that grows with its length and no more', async () => {
    // Read part by part from every beginning it would take hours.
    for (const token of [`${'.'.repeat(15_000)} x`, `${'a.'.repeat(7_500)} x`, 'a'.repeat(15_000)])
      expect((await world.get('/v1/emails', token)).status).toBe(401);
  });

  it('another organisation’s email is not there, and neither are one that nobody has and what is no id', async () => {
    const emailId = newEmailId();
    await world.appendFor('other', emailId, accepted());
    await findable(emailId);
    const browser = await signedIn('rita');
    for (const id of [emailId, newEmailId(), 'what', '%00'])
      for (const more of ['', '/events', '/trace', '/receipt'])
        expect(await as(browser, `/v1/emails/${id}${more}`)).toMatchObject({
          status: 404,
          body: { type: '/errors/email-not-found' },
        });
    const { body } = await as(await signedIn('oskar'), `/v1/emails/${emailId}`);
    expect(body.emailId).toBe(emailId);
  });

  const signed = (claims: object, key = KEY, alg = 'HS256', expires = '2m') =>
    new SignJWT({ tenantId: 'demo', name: 'Mallory', role: 'operator', ...claims })
      .setProtectedHeader({ alg })
      .setIssuer('securemail-console')
      .setAudience('securemail-api')
      .setSubject(newEmailId())
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(key));
  const unsigned = () => {
    const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${part({ alg: 'none' })}.${part({ iss: 'securemail-console', aud: 'securemail-api', sub: newEmailId(), tenantId: 'demo', name: 'Mallory', role: 'operator', exp: 2_000_000_000 })}.`;
  };
  it.each([
    ['of a stranger', () => signed({}, 'another key, of more than forty characters, too')],
    ['that nobody signed', () => Promise.resolve(unsigned())],
    ['with another algorithm', () => signed({}, KEY, 'HS512')],
    ['that has run out', () => signed({}, KEY, 'HS256', '-1s')],
    ['for somebody of no organisation here', () => signed({ tenantId: 'nobody' })],
    ['with a role that there is not', () => signed({ role: 'everything' })],
    ['of words', () => Promise.resolve('a.b.c')],
  ])('takes no token %s', async (_, token) => {
    const { status, body } = await world.get('/v1/emails', await token());
    expect([status, body.type]).toEqual([401, '/errors/unauthenticated']);
  });
  it('takes one that it made itself', async () => {
    const sub = await sessionIdOf(await signedIn('rita'));
    const own = { sub, tenantId: TenantId.parse('demo'), name: 'Rita Reader', role: 'reader' as const };
    expect((await world.get('/v1/emails', await personToken(own, KEY, new Date()))).status).toBe(200);
  });

  it('dead letters are for operators', async () => {
    for (const [name, status] of [
      ['rita', 403],
      ['dora', 403],
      ['aksel', 403],
      ['oskar', 200],
    ] as const)
      expect((await as(await signedIn(name), '/v1/dead-letters/receipts')).status).toBe(status);
  });
});

describe('finding emails', () => {
  const found = async (query: string, key?: string) => {
    const { status, body } = await world.get(`/v1/emails?${query}`, key);
    expect(status).toBe(200);
    return body.emails.map(({ emailId }) => emailId);
  };

  it('also beside one that was changed where it is kept, which is shown without what can not be read', async () => {
    const damaged = await newEmail();
    const change = async () => {
      // Twice is as it was.
      await world.pool.query(
        `update history set event = jsonb_set(event, '{personal}', to_jsonb(reverse(event ->> 'personal')))
          where email_id = $1 and name = 'EmailAccepted'`,
        [damaged],
      );
      await world.pool.query('update emails set findable = false where email_id = $1', [damaged]);
    };
    const { body: before } = await world.get(`/v1/emails/${damaged}`);
    expect(before).toMatchObject({ from: 'anna@demo.example', unreadable: [] });
    await change();
    const after = await newEmail();
    expect(await found('address=anna@demo.example')).toContain(after);
    const { rows } = await world.pool.query<{ id: string }>(
      `select event_id as id from history where email_id = $1 and name = 'EmailAccepted'`,
      [damaged],
    );
    const unreadable = rows.map(({ id }) => id);
    const { body: list } = await world.get('/v1/emails?limit=200');
    expect(list.emails.find(({ emailId }) => emailId === after)).toMatchObject({ unreadable: [] });
    expect(list.emails.find(({ emailId }) => emailId === damaged)).toMatchObject({ from: null, unreadable });
    const { body: shown } = await world.get(`/v1/emails/${damaged}`);
    expect(shown).toMatchObject({ from: null, erasedAt: null, state: before.state, unreadable });
    expect((await world.get(`/v1/emails/${damaged}/events`)).body).toMatchObject({ unreadable });
    expect((await world.get(`/v1/emails/${damaged}/receipt`)).body).toMatchObject({
      type: '/errors/email-unreadable',
      unreadable,
    });
    await change();
    await findable(damaged);
    expect((await world.get(`/v1/emails/${damaged}`)).body).toEqual(before);
  });

  it('by who sent, by who got it, by their domain, by Message-ID and by trace; each of the own organisation alone', async () => {
    const emailId = newEmailId();
    const acceptance = accepted({ to: [BO, KIM] });
    await world.append(emailId, acceptance);
    await findable(emailId);
    const { body } = await world.get(`/v1/emails/${emailId}`);
    const messageId = encodeURIComponent(body.messageId ?? '');
    for (const query of [
      'address=ANNA@demo.example',
      `address=${encodeURIComponent(BO)}`,
      `address=${encodeURIComponent(KIM.toUpperCase())}`,
      `address=${encodeURIComponent(BO.slice(BO.indexOf('@')))}`,
      `messageId=${messageId}`,
      `messageId=${messageId.replace('%3C', '').replace('%3E', '')}`,
    ]) {
      expect([query, await found(query)]).toEqual([query, expect.arrayContaining([emailId])]);
      expect(await found(query, world.keys.other)).not.toContain(emailId);
    }
    expect(await found('address=nobody@demo.example')).toEqual([]);
    expect(await found('address=bo@else.example')).toEqual([]);
  });

  it('by the address that a release gave in place of another', async () => {
    const emailId = await newEmail();
    const address = 'put-right@citizen.example';
    await world.append(emailId, corrected(2, address));
    while (!(await found(`address=${address}`)).includes(emailId)) await sleep(20);
  });

  it('no more once it was erased, whoever asks', async () => {
    const emailId = newEmailId();
    await world.append(emailId, accepted({ to: ['gone@citizen.example'] }));
    await findable(emailId);
    const query = 'address=gone@citizen.example';
    expect(await found(query)).toEqual([emailId]);
    await world.vault.erase(emailId);
    // Keys are remembered for some seconds.
    while ((await found(query)).length > 0) await sleep(200);
    // By what else it was found is gone once that is asked for.
    const { rowCount } = await world.pool.query('select from found_by where email_id = $1', [emailId]);
    expect(rowCount).toBe(4);
  });

  it('page by page, within a state and a time', async () => {
    const emailIds: EmailId[] = [];
    for (let index = 0; index < 5; index += 1) emailIds.push(await newEmail());
    await world.append(emailIds[0]!, started(1, 2), delivered(1, 2));
    await world.until(`/v1/emails/${emailIds[0]!}`, ({ state }) => state === 'sent');
    const query = `address=${encodeURIComponent(BO)}`;
    const all = await found(`${query}&limit=200`);
    const first = await world.get(`/v1/emails?${query}&limit=2`);
    const second = await world.get(`/v1/emails?${query}&limit=2&cursor=${first.body.next ?? ''}`);
    expect([...first.body.emails, ...second.body.emails].map(({ emailId }) => emailId)).toEqual(
      all.slice(0, 4),
    );
    expect(await found(`${query}&state=sent`)).toContain(emailIds[0]);
    expect(await found(`${query}&state=sent`)).not.toContain(emailIds[1]);
    expect(await found(`${query}&until=2020-01-01T00:00:00Z`)).toEqual([]);
  });

  it('is written down with the name of who looked, each page of it', async () => {
    const browser = await signedIn('rita');
    await as(browser, `/v1/emails?address=${encodeURIComponent(BO)}&limit=1`);
    const { body } = await as(browser, `/v1/emails?address=@demo.example&limit=1`);
    await as(browser, `/v1/emails?address=@demo.example&limit=1&cursor=${body.next ?? ''}`);
    await as(browser, '/v1/emails?state=held');
    const events = await world.told(await sessionIdOf(browser));
    expect(events.slice(1)).toMatchObject([
      { name: 'ConsoleSearched', data: { kind: 'address' }, personal: { by: 'Rita Reader', sought: BO } },
      { name: 'ConsoleSearched', data: { kind: 'domain' }, personal: { sought: 'demo.example' } },
      { name: 'ConsoleSearched', data: { kind: 'domain' }, personal: { sought: 'demo.example' } },
      { name: 'ConsoleSearched', data: { kind: 'time-and-state' }, personal: { sought: 'state=held' } },
    ]);
  });

  it('nothing in the index names anybody', async () => {
    await newEmail();
    const { rows } = await world.pool.query<{ text: string }>(
      `select string_agg(encode(digest, 'escape'), ' ') as text from found_by`,
    );
    expect(rows[0]!.text).not.toMatch(/example|anna|bo@/);
  });

  it.each([
    ['address=bo', 'address'],
    ['address=@', 'address'],
    ['traceId=xyz', 'traceId'],
    ['messageId=', 'messageId'],
    [`address=${encodeURIComponent(BO)}&messageId=a`, 'address'],
    ['state=lost', 'state'],
    ['stage=lost', 'stage'],
    ['since=yesterday', 'since'],
    ['limit=100000', 'limit'],
    ['messageId=%00', 'messageId'],
  ])('says what is wrong with %s', async (query, path) => {
    const { status, body } = await world.get(`/v1/emails?${query}`);
    expect([status, body.type]).toEqual([422, '/errors/invalid-request']);
    expect(body.errors).toMatchObject([{ path }]);
  });

  it('says so of a broken cursor, and of one of another list', async () => {
    const yearZero = Buffer.from(JSON.stringify(['0000-01-01T00:00:00Z', newEmailId()])).toString(
      'base64url',
    );
    for (const cursor of ['x', 'W10', 'WyIyMDI2Il0', '%F0%9F%98%80', yearZero])
      expect(await world.get(`/v1/emails?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { type: '/errors/invalid-cursor' },
      });
  });
});

describe('an email that went on in another trace, as after a decision', () => {
  it('is found by that one, too', async () => {
    const browser = await signedIn('rita');
    const traces = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
    const [first, second, third] = traces.map((trace) => `00-${trace}-00f067aa0ba902b7-01`);
    const emailId = newEmailId();
    await world.appendIn(first!, emailId, accepted(), planned([1], null), held([1]));
    await findable(emailId);
    await world.appendIn(second!, emailId, released(1), planned([1]), started(1));
    const other = await newEmail();
    await world.appendIn(third!, other, planned([1]));
    const found = async (trace: string, wanted: string) => {
      for (;;) {
        const { body } = await as(browser, `/v1/emails?traceId=${trace}`);
        if (body.emails.some((each) => each.emailId === wanted)) return body.emails.length;
        await sleep(50);
      }
    };
    expect([
      await found(traces[0]!, emailId),
      await found(traces[1]!, emailId),
      await found(traces[2]!, other),
    ]).toEqual([1, 1, 1]);
  });
});

describe('the overview', () => {
  it('counts each email once, by how it went, for the own organisation', async () => {
    const browser = await signedIn('oskar');
    const before = (await browser.ask('GET', '/console/v1/overview')).body;
    const now = Date.now();
    for (const [took, isDone] of [
      [5, true],
      [30, true],
      [0, false],
    ] as const) {
      const emailId = newEmailId();
      const acceptedAt = new Date(now - 60_000);
      const deadlineAt = new Date(now + 540_000);
      await world.appendFor(
        'other',
        emailId,
        accepted({ acceptedAt: acceptedAt.toISOString(), deadlineAt: deadlineAt.toISOString() }),
      );
      await findable(emailId);
      if (isDone)
        await world.pool.query(
          `update emails set settled_at = accepted_at + $2 * interval '1 second', state = 'sent',
              settled_first_at = accepted_at + $2 * interval '1 second', promise = 'kept' where email_id = $1`,
          [emailId, took],
        );
    }
    const sums = ({ bars }: Record<string, unknown>) => {
      const all = bars as Record<string, number>[];
      const of = (went: string) => all.reduce((sum, bar) => sum + bar[went]!, 0);
      return [of('within10s'), of('within1m'), of('underWay')];
    };
    // What is watched is looked up once for a while.
    let after = before;
    while (after['accepted'] !== Number(before['accepted']) + 3) {
      await sleep(200);
      after = (await browser.ask('GET', '/console/v1/overview')).body;
    }
    const [fast = 0, slower = 0, open = 0] = sums(before);
    expect(sums(after)).toEqual([fast + 1, slower + 1, open + 1]);
    expect(after['latency']).toMatchObject({ most: 30 });
    expect((after['bars'] as unknown[]).length).toBeLessThanOrEqual(61);
  });

  it('counts of promises what the SLO does: nothing that is returned, or that a person let go late', async () => {
    const browser = await signedIn('oskar');
    const sums = async () => {
      const { body } = await browser.ask('GET', '/console/v1/overview');
      const bars = body['bars'] as Record<string, number>[];
      const [kept = 0, partly = 0, missed = 0, returned = 0, decided = 0] = [
        ['within10s', 'within1m', 'within5m', 'inTime'],
        ['partly'],
        ['late', 'overdue'],
        ['returned'],
        ['decided'],
      ].map((which) => bars.reduce((sum, bar) => sum + which.reduce((of, went) => of + bar[went]!, 0), 0));
      return { kept, partly, missed, returned, decided };
    };
    const before = await sums();
    const tell = async (deadline: number, ...events: NewEvent[]) => {
      const emailId = newEmailId();
      const deadlineAt = new Date(Date.now() + deadline).toISOString();
      await world.appendFor('other', emailId, accepted({ deadlineAt }), planned([1]), ...events);
      return emailId;
    };
    const tellOfTwo = (...events: NewEvent[]) =>
      world.appendFor(
        'other',
        newEmailId(),
        accepted({ to: ['bo@citizen.example', 'cy@citizen.example'] }),
        planned([1, 2]),
        ...events,
      );
    const decidedAbout = await tell(2_000, held([1]));
    await tell(600_000, started(1), delivered(1));
    await tellOfTwo(held([2]), started(1), delivered(1));
    await tellOfTwo(started(1, 2), delivered(1), bounced(2));
    await tell(600_000, started(1), bounced(1));
    await tell(600_000, started(1), delivered(1), reported('failed', 1));
    await tell(-1_000, started(1), delivered(1));
    await sleep(2_000);
    await world.appendFor('other', decidedAbout, released(1), planned([1]), started(1), delivered(1));
    const now = async () => {
      const after = await sums();
      return Object.fromEntries(
        Object.entries(after).map(([went, emails]) => [went, emails - before[went as keyof typeof before]]),
      );
    };
    const expected = { kept: 2, partly: 2, missed: 1, returned: 1, decided: 1 };
    let seen = await now();
    for (let tries = 0; tries < 60 && JSON.stringify(seen) !== JSON.stringify(expected); tries += 1) {
      await sleep(250);
      seen = await now();
    }
    expect(seen).toEqual(expected);
  });

  it('says so of a huge range, and to whom is not signed in', async () => {
    const browser = await signedIn('rita');
    for (const hours of ['1000000', '-1', '1e9', 'x']) {
      const { status, body } = await browser.ask('GET', `/console/v1/overview?hours=${hours}`);
      expect([status, body['type']]).toEqual([422, '/errors/invalid-request']);
    }
    for (const path of [
      'overview',
      'overview?hours=x',
      'live',
      'live?hours=x',
      `live/emails/${newEmailId()}`,
    ])
      expect((await newBrowser().ask('GET', `/console/v1/${path}`)).status).toBe(401);
  });

  it('keeps nobody from watching because another one watches much', async () => {
    const headersOf = async (name: string) => {
      const { cookies } = await signedIn(name);
      return { Cookie: [...cookies].map(([cookie, value]) => `${cookie}=${value}`).join('; ') };
    };
    const [much, little] = [await headersOf('rita'), await headersOf('rita')];
    const leaving = new AbortController();
    const watch = async (headers: Record<string, string>) =>
      (await fetch(`${world.url()}/console/v1/live`, { headers, signal: leaving.signal })).status;
    const answers = await Promise.all(Array.from({ length: 25 }, () => watch(much)));
    expect(answers.filter((status) => status === 200)).toHaveLength(20);
    expect(answers.filter((status) => status === 503)).toHaveLength(5);
    expect(await watch(little)).toBe(200);
    leaving.abort();
  });

  it('gives back what somebody had who has gone before it began', async () => {
    const browser = await signedIn('rita');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    for (let round = 0; round < 300; round += 1) {
      const leaving = new AbortController();
      const asked = fetch(`${world.url()}/console/v1/live`, {
        headers: { Cookie: cookie },
        signal: leaving.signal,
      }).catch(() => null);
      await sleep(round % 5);
      leaving.abort();
      await asked;
    }
    const { status } = await fetch(`${world.url()}/console/v1/live`, { headers: { Cookie: cookie } });
    expect(status).toBe(200);
  });

  it('ends with the service, which waits for nobody who watches', async () => {
    const other = await world.start();
    const browser = await signedIn('rita');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${world.url()}/console/v1/live`, { headers: { Cookie: cookie } });
    const reader = response.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await other.close();
    // What were broken off would be an error here.
    while (!(await reader.read()).done);
    await running.close();
    running = await world.start();
  });

  it('says so while nothing can be looked up, and goes on afterwards', async () => {
    const browser = await signedIn('rita');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const watched = async (path: string) => {
      const response = await fetch(`${world.url()}/console/v1/${path}`, { headers: { Cookie: cookie } });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      return async (name: string) => {
        while (!((await reader.read()).value ?? '').includes(`event: ${name}\n`));
      };
    };
    const streams = [
      await watched('live'),
      await watched('live?hours=168'),
      await watched(`live/emails/${await newEmail()}`),
    ];
    const [first, second, email] = streams;
    await Promise.all([first!('overview'), second!('overview'), email!('events')]);
    await world.pool.query('alter table console_sessions rename to console_sessions_away');
    try {
      await Promise.all(streams.map((until) => until('away')));
    } finally {
      await world.pool.query('alter table console_sessions_away rename to console_sessions');
    }
    await Promise.all([first!('overview'), second!('beat'), email!('beat')]);

    // Nor does anybody wait for what does not answer: a lock is as good as a network that swallows all.
    const client = await world.pool.connect();
    await client.query('begin; lock table console_sessions');
    await Promise.all(streams.map((until) => until('away')));
    await client.query('rollback');
    client.release();
    await Promise.all([first!('overview'), second!('beat'), email!('beat')]);
  });

  it('goes on as long as somebody is signed in, and tells what an email has more', async () => {
    const emailId = await newEmail();
    const browser = await signedIn('rita');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${world.url()}/console/v1/live/emails/${emailId}`, {
      headers: { Cookie: cookie },
    });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const said: string[] = [];
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (text: RegExp) => {
      while (!text.test(said.join(''))) said.push((await reader.read()).value ?? '');
    };
    await until(/event: events\ndata: \{"events":\d+\}/);
    said.length = 0;
    await world.append(emailId, started(1));
    await until(/event: events\ndata: \{"events":\d+\}/);
    await browser.ask('DELETE', '/console/v1/session');
    await until(/event: ended/);
    expect((await reader.read()).done).toBe(true);
  });
});
