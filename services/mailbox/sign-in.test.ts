// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BO,
  KIM,
  openMailboxWorld,
  SITE,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';
import { MAIL } from './testing/mails.ts';

const MAX_PER_HOUR = 5;

let world: MailboxWorld;
let running: { close(): Promise<void> };
let link: string;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start();
  ({ link } = await world.notified(await world.protectedFor([BO], MAIL)));
});
afterEach(() => world.pool.query('delete from sign_ins'));
afterAll(async () => {
  await running.close();
  await world.close();
});

const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

async function begun(browser = world.browser()) {
  const count = (await world.codesTo(BO, 0)).length;
  const { status, body } = await browser.ask('POST', 'sign-ins', { link });
  expect(status).toBe(202);
  expect(body['organisation']).toEqual({ id: 'demo', name: 'Demo Kommune' });
  return { browser, code: (await world.codesTo(BO, count + 1)).at(-1)! };
}

describe('who has the link and the code', () => {
  it('is signed in, in this browser, and nowhere else', async () => {
    const { browser, code } = await begun();
    const { status } = await browser.ask('POST', 'sign-ins/code', {
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    expect(status).toBe(200);
    const current = await browser.ask('GET', 'sessions/current');
    expect(current.body).toMatchObject({ current: true, organisation: { id: 'demo', name: 'Demo Kommune' } });
    expect((await world.browser().ask('GET', 'sessions/current')).status).toBe(401);
  });

  it('has a cookie that no script reads and no other site has a browser send', async () => {
    const { browser, code } = await begun();
    const { headers } = await browser.ask('POST', 'sign-ins/code', { code });
    const [cookie] = headers.getSetCookie().filter((each) => each.includes('session='));
    for (const word of ['__Host-', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict', 'Expires='])
      expect(cookie).toContain(word);
  });

  it('is told before whose page it is, and after which message the link led to', async () => {
    const sent = await world.protectedFor([BO], MAIL);
    const own = await world.notified(sent);
    const before = (await world.codesTo(BO, 0)).length;
    const browser = world.browser();
    const { status, body } = await browser.ask('GET', `links/${own.link}`);
    expect([status, body['organisation']]).toMatchObject([
      200,
      { id: 'demo', name: 'Demo Kommune', language: 'en' },
    ]);
    // Whoever only looks has no mail sent.
    expect(await world.codesTo(BO, 0)).toHaveLength(before);
    await browser.ask('POST', 'sign-ins', { link: own.link });
    const code = (await world.codesTo(BO, before + 1)).at(-1);
    const proven = await browser.ask('POST', 'sign-ins/code', { code });
    const [deposit] = await world.deposits(sent);
    expect(proven.body['messageId']).toBe(deposit!.data.messageId);
  });

  it('uses a code once', async () => {
    const { browser, code } = await begun();
    const token = browser.cookies.get('__Host-securemail-sign-in')!;
    const tries = await Promise.all([1, 2, 3].map(() => browser.ask('POST', 'sign-ins/code', { code })));
    expect(tries.map(({ status }) => status).toSorted()).toEqual([200, 410, 410]);
    browser.cookies.set('__Host-securemail-sign-in', token);
    expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(410);
  });
});

describe('a browser that waits for a code', () => {
  const waits = async (browser: Browser, at: string) =>
    (await browser.ask('GET', `sign-ins/current?${at}`)).body['begun'];

  it('is told so on the page where it was asked for, as long as the code counts; and no other one is', async () => {
    const { browser, code } = await begun();
    const { body, headers } = await browser.ask('GET', `sign-ins/current?link=${link}`);
    expect(body).toEqual({ begun: { triesLeft: 5, expiresAt: expect.any(String) } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(await waits(world.browser(), `link=${link}`)).toBeNull();
    const another = await world.notified(await world.protectedFor([KIM], MAIL));
    for (const at of [`link=${another.link}`, 'link=x', 'organisation=demo', 'organisation=demo&to=write'])
      expect(await waits(browser, at)).toBeNull();
    expect((await browser.ask('GET', 'sign-ins/current')).status).toBe(422);
    await browser.ask('POST', 'sign-ins/code', { code: other(code) });
    expect(await waits(browser, `link=${link}`)).toMatchObject({ triesLeft: 4 });
    await world.pool.query(`update sign_ins set expires_at = now() - interval '1 second'`);
    expect(await waits(browser, `link=${link}`)).toBeNull();
  });

  it('is told the same for addresses that nobody has', async () => {
    const [known, unknown] = [world.browser(), world.browser()];
    await known.ask('POST', 'sign-ins', { organisation: 'demo', address: BO });
    await unknown.ask('POST', 'sign-ins', { organisation: 'demo', address: 'nobody@citizen.example' });
    for (const browser of [known, unknown]) {
      expect(await waits(browser, 'organisation=demo')).toMatchObject({ triesLeft: 5 });
      expect(await waits(browser, 'organisation=demo&to=write')).toBeNull();
      expect(await waits(browser, 'organisation=other')).toBeNull();
    }
  });

  it('has one for each page, also in two tabs: each takes its own code, and of one page the newest', async () => {
    const { browser, code: first } = await begun();
    const another = await world.notified(await world.protectedFor([BO], MAIL));
    await browser.ask('POST', 'sign-ins', { link: another.link });
    const second = (await world.codesTo(BO, 0)).at(-1)!;
    const prove = async (code: string, of: string) =>
      (await browser.ask('POST', 'sign-ins/code', { code, at: { link: of } })).status;
    expect(await prove(second, link)).toBe(422);
    const { code: newest } = await begun(browser);
    expect(await prove(first, link)).toBe(422);
    expect(await prove(newest, link)).toBe(200);
    expect(await waits(browser, `link=${link}`)).toBeNull();
    expect(await waits(browser, `link=${another.link}`)).toMatchObject({ triesLeft: 5 });
    expect(await prove(second, another.link)).toBe(200);
    expect(browser.cookies.has('__Host-securemail-sign-in')).toBe(false);
  });
});

describe('a code', () => {
  it('counts in no other browser', async () => {
    const { code } = await begun();
    const { browser } = await begun();
    const { status, body } = await browser.ask('POST', 'sign-ins/code', { code });
    expect([status, body['type'], body['triesLeft']]).toEqual([422, '/errors/wrong-code', 4]);
    expect((await world.browser().ask('POST', 'sign-ins/code', { code })).body['type']).toBe(
      '/errors/sign-in-ended',
    );
  });

  it('is not found by trying: after five wrong ones the right one is too late, also where all come at once', async () => {
    const { browser, code } = await begun();
    const tries = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7].map(() => browser.ask('POST', 'sign-ins/code', { code: other(code) })),
    );
    expect(tries.map(({ status }) => status).toSorted()).toEqual([410, 410, 410, 422, 422, 422, 422]);
    expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(410);
  });

  it('ends', async () => {
    const { browser, code } = await begun();
    await world.pool.query(`update sign_ins set expires_at = now() - interval '1 second'`);
    expect((await browser.ask('POST', 'sign-ins/code', { code })).body['type']).toBe('/errors/sign-in-ended');
  });

  it.each(['12345', '1234567', 'abcdef', '', '１２３４５６'])(
    'that is none is told so: "%s"',
    async (code) => {
      const { browser } = await begun();
      const { status, body } = await browser.ask('POST', 'sign-ins/code', { code });
      expect([status, body['type']]).toEqual([422, '/errors/invalid-request']);
    },
  );

  it('stands in no table, and no event that is not encrypted', async () => {
    const { code } = await begun();
    const { rows } = await world.pool.query<{ row: string }>('select s::text as row from sign_ins s');
    const digests = [code, createHash('sha256').update(code).digest('hex')];
    for (const digest of digests) expect(rows.map(({ row }) => row).join()).not.toContain(digest);
    const all = await world.pool.query<{ row: string }>('select e::text as row from events e');
    expect(all.rows.map(({ row }) => row).join()).not.toContain(BO);
  });

  it('is mailed in the language of who wrote, without standing in the subject', async () => {
    await running.close();
    running = await world.start({}, { language: 'da' });
    const before = (await world.codesTo(KIM, 0)).length;
    const sent = await world.notified(await world.protectedFor([KIM], MAIL));
    expect(sent.mail.subject).toBe('En sikker besked fra Demo Kommune');
    await world.browser().ask('POST', 'sign-ins', { link: sent.link });
    expect(await world.codesTo(KIM, before + 1)).toEqual([expect.stringMatching(/^\d{6}$/)]);
    expect((await world.codeMailsTo(KIM)).at(-1)).toContain('Koden er:');
    // Of who reads, where the page knows it.
    for (const where of [{ link: sent.link }, { organisation: 'demo', address: KIM }]) {
      const count = (await world.codesTo(KIM, 0)).length;
      await world.browser().ask('POST', 'sign-ins', { ...where, language: 'de' });
      await world.codesTo(KIM, count + 1);
      expect((await world.codeMailsTo(KIM)).at(-1)).toContain('Dies ist der Code:');
    }
  });
});

describe('an address', () => {
  const by = (address: string, organisation = 'demo', browser = world.browser()) =>
    browser.ask('POST', 'sign-ins', { organisation, address });

  it('signs in who was written to, however it is typed', async () => {
    const before = (await world.codesTo(BO, 0)).length;
    const browser = world.browser();
    expect((await by('BO@Citizen.example', 'demo', browser)).status).toBe(202);
    const code = (await world.codesTo(BO, before + 1)).at(-1);
    expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
  });

  it('that nobody wrote to gets the same answer, and no mail', async () => {
    const browser = world.browser();
    const [known, unknown, elsewhere] = [
      await by(BO),
      await by(KIM, 'other', browser),
      await by(BO, 'other'),
    ];
    const told = ({ status, body, headers }: typeof known) => [
      status,
      Object.keys(body),
      headers.getSetCookie().map((cookie) => cookie.replaceAll(/=[A-Za-z0-9_-]{43}|Expires=[^;]+/g, '')),
    ];
    expect(told(unknown)).toEqual(told(known));
    expect(told(elsewhere)).toEqual(told(known));
    await sleep(200);
    const { rows } = await world.pool.query(`select from events where tenant_id = 'other'`);
    expect(rows).toEqual([]);
    const wrong = await browser.ask('POST', 'sign-ins/code', { code: '000000' });
    expect([wrong.status, wrong.body['triesLeft']]).toEqual([422, 4]);
  });

  it('has no more codes sent where very many are asked for at once', async () => {
    const before = (await world.codesTo(BO, 0)).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => by(BO)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(MAX_PER_HOUR);
    expect(await world.codesTo(BO, before + MAX_PER_HOUR)).toHaveLength(before + MAX_PER_HOUR);
  });

  it('is used up for nobody by a few networks, and is mailed without end by none', async () => {
    await running.close();
    running = await world.start({ trustedProxies: ['127.0.0.1'] });
    const from = (network: string) =>
      world
        .browser()
        .ask('POST', 'sign-ins', { organisation: 'demo', address: BO }, { 'X-Forwarded-For': network });
    const askedFrom = async (network: string) => {
      for (let asked = 0; asked < MAX_PER_HOUR; asked += 1) expect((await from(network)).status).toBe(202);
      expect((await from(network)).status).toBe(429);
    };
    await askedFrom('192.0.2.1');
    await askedFrom('192.0.2.2');
    await askedFrom('2001:db8::1');
    expect((await from('2001:db8::2')).status).toBe(429);
    await askedFrom('192.0.2.3');
    // Neighbours of those are as good as they themselves: whoever has one address of many has others of them.
    expect((await from('192.0.2.4')).status).toBe(429);
    expect((await from('2001:db8:0:ff::1')).status).toBe(429);
    // All are used up: everybody else has two left.
    const answers = async (network: string) =>
      [await from(network), await from(network), await from(network)].map(({ status }) => status);
    expect(await answers('198.51.100.7')).toEqual([202, 202, 429]);
    expect(await answers('2001:db8:1::1')).toEqual([202, 202, 429]);
    // His mailbox is not to be flooded by a crowd, either.
    await world.pool.query(
      `insert into sign_ins (sign_in_id, browser, tenant_id, person, by_link, tries_left, created_at, expires_at)
        select gen_random_uuid(), sha256(n::text::bytea), tenant_id, person, by_link, 1, created_at, expires_at
        from generate_series(1, 76) n, (select * from sign_ins limit 1) one`,
    );
    expect((await from('203.0.113.1')).status).toBe(429);
    await begun();
    await running.close();
    running = await world.start();
  });

  it('of somebody else keeps nobody from signing in: what is asked for by it is counted by itself', async () => {
    for (let asked = 0; asked < MAX_PER_HOUR; asked += 1) expect((await by(BO)).status).toBe(202);
    const { status, body, headers } = await by(BO);
    expect([status, body['type'], headers.get('retry-after')]).toEqual([
      429,
      '/errors/too-many-codes',
      '600',
    ]);
    await begun();
  });

  it('is wanted, and an organisation that there is', async () => {
    expect((await by('bo')).body['type']).toBe('/errors/invalid-request');
    expect((await by(BO, 'nobody')).status).toBe(404);
    expect((await by(BO, 'without')).status).toBe(404);
  });
});

describe('a link', () => {
  it.each(['x', 'A'.repeat(43), 'A'.repeat(201), '../../x'])(
    'that leads nowhere says so: %s',
    async (wrong) => {
      const { status, body } = await world.browser().ask('POST', 'sign-ins', { link: wrong });
      expect([404, 422]).toContain(status);
      expect(['/errors/link-not-found', '/errors/invalid-request']).toContain(body['type']);
    },
  );

  it('whose message is gone says so', async () => {
    const gone = await world.notified(await world.protectedFor([KIM], MAIL));
    await world.pool.query(`update messages set ends_at = now() where link = $1`, [
      createHash('sha256').update(gone.link).digest(),
    ]);
    const { status, body } = await world.browser().ask('POST', 'sign-ins', { link: gone.link });
    expect([status, body['type']]).toEqual([410, '/errors/mailbox-message-ended']);
  });

  it('of an erased email says so', async () => {
    const emailId = await world.protectedFor([KIM], MAIL);
    const gone = await world.notified(emailId);
    await world.vault.erase(emailId);
    let answer = await world.browser().ask('POST', 'sign-ins', { link: gone.link });
    // Keys are known for some seconds.
    while (answer.status === 202) {
      await sleep(1_000);
      await world.pool.query('delete from sign_ins');
      answer = await world.browser().ask('POST', 'sign-ins', { link: gone.link });
    }
    expect([answer.status, answer.body['type']]).toEqual([410, '/errors/mailbox-message-ended']);
  });

  it.each([
    ['says that its page is another', { 'Sec-Fetch-Site': 'cross-site' }],
    ['is of a site beside', { 'Sec-Fetch-Site': 'same-site' }],
    ['names another origin', { Origin: 'https://evil.example' }],
    ['names none, as a sandbox does', { Origin: 'null' }],
    ['names one that begins like ours', { Origin: `${SITE}.evil.example` }],
  ])('is followed for no page that %s', async (_, headers) => {
    for (const [method, path] of [
      ['POST', 'sign-ins'],
      ['POST', 'sign-ins/code'],
      ['DELETE', 'sessions/current'],
      ['POST', 'sessions/current/use'],
    ] as const) {
      const { status, body } = await world.browser().ask(method, path, { link }, headers);
      expect([status, body['type']]).toEqual([403, '/errors/cross-site']);
    }
  });
});

describe('from one network', () => {
  beforeAll(async () => {
    await running.close();
    running = await world.start({ limits: { codes: 3, tries: 4 } });
  });
  afterAll(async () => {
    await running.close();
    running = await world.start();
  });
  const by = (address: string, more: object = {}) =>
    world.browser().ask('POST', 'sign-ins', { organisation: 'demo', address, ...more });
  /** How it is answered, as often as given. */
  const statuses = async (times: number, ask: (time: number) => Promise<{ status: number }>) => {
    const all = [];
    for (let time = 0; time < times; time += 1) all.push((await ask(time)).status);
    return all;
  };

  it('nothing is used up for who has a link, or is signed in, by links and codes that nobody was sent', async () => {
    const madeUp = (time: number) =>
      world.browser().ask('POST', 'sign-ins', { link: String(time).padEnd(43, 'x') });
    expect(new Set(await statuses(20, madeUp))).toEqual(new Set([404]));
    const noBrowser = () => world.browser().ask('POST', 'sign-ins/code', { code: '000000' });
    expect(new Set(await statuses(20, noBrowser))).toEqual(new Set([410]));
    for (const place of ['passkey/options', 'password', 'openid-connect'])
      expect(
        new Set(
          await statuses(20, (time) =>
            world.browser().ask('POST', `sign-ins/${place}`, {
              link: String(time).padEnd(43, 'x'),
              ...(place === 'password' ? { password: 'a long one' } : {}),
            }),
          ),
        ),
      ).toEqual(new Set([404]));
    const answer = {
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
      clientExtensionResults: {},
    };
    const passkeys = (
      await statuses(20, () => world.browser().ask('POST', 'sign-ins/passkey', { answer }))
    ).concat(
      await statuses(20, () => {
        const browser = world.browser();
        browser.cookies.set('__Host-securemail-passkey', 'A'.repeat(43));
        return browser.ask('POST', 'sign-ins/passkey', { answer });
      }),
    );
    expect(new Set(passkeys)).toEqual(new Set([422]));
    const asked = await world.browser().ask('POST', 'sign-ins/passkey/options', { organisation: 'demo' });
    expect(asked.status).toBe(200);
    // Addresses, until no more of them are asked for.
    const addresses = await statuses(16, (time) => by(`nobody${time}@nowhere.example`));
    expect(addresses).toEqual([...Array.from({ length: 15 }, () => 202), 429]);
    const { browser, code } = await begun();
    expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
    const again = await browser.ask('POST', 'sign-ins', { link });
    expect([again.status, again.body['expiresAt']]).toEqual([202, null]);
  });

  it('so much is asked for by addresses and tried, and a little is left for everybody else', async () => {
    await running.close();
    running = await world.start({ limits: { codes: 3, tries: 4 } });
    expect(await statuses(4, () => by(KIM))).toEqual([202, 202, 202, 429]);
    const bo = world.browser();
    const before = (await world.codesTo(BO, 0)).length;
    expect(
      await statuses(3, () => bo.ask('POST', 'sign-ins', { organisation: 'demo', address: BO })),
    ).toEqual([202, 202, 429]);
    const li = world.browser();
    await li.ask('POST', 'sign-ins', { organisation: 'demo', address: 'li@nowhere.example' });
    const tries = (browser: typeof bo, code: string) => () => browser.ask('POST', 'sign-ins/code', { code });
    expect(await statuses(5, tries(li, '000000'))).toEqual([422, 422, 422, 422, 429]);
    const right = (await world.codesTo(BO, before + 2)).at(-1)!;
    expect(await statuses(3, tries(bo, other(right)))).toEqual([422, 422, 429]);
  });

  it('is used up by nobody who types the right code', async () => {
    for (let person = 0; person < 6; person += 1) {
      await world.pool.query('delete from sign_ins');
      const { browser, code } = await begun();
      expect((await browser.ask('POST', 'sign-ins/code', { code })).status).toBe(200);
    }
  });
});

describe('a session', () => {
  const signedIn = async () => {
    const browser = world.browser();
    await world.signIn(browser, link);
    return browser;
  };
  const isIn = async (browser: Awaited<ReturnType<typeof signedIn>>) =>
    (await browser.ask('GET', 'sessions/current')).status === 200;

  it('is ended by its owner, here or elsewhere, and by nobody else', async () => {
    const [lost, kept, others] = [await signedIn(), await signedIn(), world.browser()];
    const foreign = await world.notified(await world.protectedFor([KIM], MAIL));
    await world.signIn(others, foreign.link, KIM);
    const { body } = await kept.ask('GET', 'sessions');
    const sessions = body['sessions'] as { sessionId: string; current: boolean }[];
    const lostId = sessions.filter(({ current }) => !current)[0]!.sessionId;
    expect((await others.ask('DELETE', `sessions/${lostId}`)).status).toBe(404);
    expect(await isIn(lost)).toBe(true);
    expect((await kept.ask('DELETE', `sessions/${lostId}`)).status).toBe(204);
    expect([await isIn(lost), await isIn(kept)]).toEqual([false, true]);
    expect((await kept.ask('DELETE', 'sessions/current')).status).toBe(204);
    expect(kept.cookies.has('__Host-securemail-session')).toBe(false);
    for (const id of ['x', lostId, "' or true--"])
      expect((await others.ask('DELETE', `sessions/${encodeURIComponent(id)}`)).status).toBe(404);
    expect(await isIn(others)).toBe(true);
  });

  it('is used by who is there, not by a page that looks whether it goes on', async () => {
    const browser = await signedIn();
    const age = (seconds: number) =>
      world.pool.query(`update sessions set used_at = now() - $1 * interval '1 second'`, [seconds]);
    const left = async (method: string, path: string) =>
      Number((await browser.ask(method, path)).body['secondsLeft']);
    await age(600);
    expect(await left('GET', 'sessions/current')).toBeLessThanOrEqual(600);
    expect(await left('GET', 'sessions/current')).toBeLessThanOrEqual(600);
    expect(await left('POST', 'sessions/current/use')).toBe(1_200);
    await world.pool.query(`update sessions set ends_at = now() + interval '1 minute'`);
    expect(await left('POST', 'sessions/current/use')).toBeLessThanOrEqual(60);
  });

  it.each([
    ['it was not used for long', `used_at = now() - interval '21 minutes'`],
    ['its set end has come', `ends_at = now()`],
    ['the organisation has no SecureMailBox any more', `tenant_id = 'without'`],
  ])('ends where %s', async (_, change) => {
    const browser = await signedIn();
    expect(await isIn(browser)).toBe(true);
    await world.pool.query(`update sessions set ${change}`);
    expect(await isIn(browser)).toBe(false);
    await world.pool.query('delete from sessions');
  });

  it('goes on while it is used', async () => {
    const browser = await signedIn();
    await world.pool.query(`update sessions set used_at = now() - interval '19 minutes'`);
    expect((await browser.ask('GET', 'conversations')).status).toBe(200);
    const { rows } = await world.pool.query(
      `select from sessions where used_at > now() - interval '1 minute'`,
    );
    expect(rows).toHaveLength(1);
  });
});
