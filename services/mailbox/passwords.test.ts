// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { tidy } from './housekeeping.ts';
import { Settings } from './settings.ts';
import { MAIL } from './testing/mails.ts';
import { BO, KIM, openMailboxWorld, type Browser, type MailboxWorld } from './testing/running-mailbox.ts';

const GOOD = 'blåbærgrød med fløde';
const OTHER = 'tordenvejr over heden';
const WRONG = [422, '/errors/wrong-password'];
const TOO_MANY = [429, '/errors/too-many-passwords'];

let world: MailboxWorld;
let running: { close(): Promise<void> };
let link: string;
let linkOfKim: string;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start({ trustedProxies: ['127.0.0.1', '::1'] });
  ({ link } = await world.notified(await world.protectedFor([BO], MAIL)));
  ({ link: linkOfKim } = await world.notified(await world.protectedFor([KIM], MAIL)));
});
afterEach(async () => {
  for (const table of ['sign_ins', 'credentials', 'sessions', 'password_tries'])
    await world.pool.query(`delete from ${table}`);
});
afterAll(async () => {
  await running.close();
  await world.close();
});

type Answer = Awaited<ReturnType<Browser['ask']>>;
const outcome = ({ status, body }: Answer) => [status, body['type']];
const set = (browser: Browser, password: string) =>
  browser.ask('PUT', 'credentials/password', { password, language: 'en' });
const at = (address: string) => ({ organisation: 'demo', address });
const tryIt = (password: string, where: object = { link }, from = '192.0.2.1', browser = world.browser()) =>
  browser.ask('POST', 'sign-ins/password', { ...where, password }, { 'X-Forwarded-For': from });

async function withPassword(password = GOOD) {
  const browser = world.browser();
  await world.signIn(browser, link);
  expect((await set(browser, password)).status).toBe(204);
  return browser;
}
const listed = async (browser: Browser) =>
  (await browser.ask('GET', 'credentials')).body['credentials'] as { credentialId: EmailId; kind: string }[];

describe('who has set a password', () => {
  it('signs in with it at a link, without a code, and reads what the link leads to', async () => {
    await withPassword();
    const browser = world.browser();
    const { status, body } = await tryIt(GOOD, { link }, '192.0.2.1', browser);
    expect(status).toBe(200);
    const read = await browser.ask('GET', `messages/${body['messageId'] as string}`);
    expect(read.body['subject']).toBe('Afgørelse i din sag');
  });

  it('signs in with it by his address, however he writes that, and may write from what was proven', async () => {
    await withPassword();
    const browser = world.browser();
    const { body } = await tryIt(GOOD, at('BO@Citizen.example'), '192.0.2.1', browser);
    expect(body['messageId']).toBeNull();
    expect((await browser.ask('GET', 'sessions/current')).body['address']).toBe(BO);
  });

  it('types it on any keyboard', async () => {
    await withPassword();
    const elsewhere = GOOD.normalize('NFD').replaceAll(' ', '\u00a0');
    expect(elsewhere).not.toBe(GOOD);
    expect((await tryIt(elsewhere)).status).toBe(200);
    expect(outcome(await tryIt(GOOD.toUpperCase()))).toEqual(WRONG);
  });

  it('is told so by mail, and when it is changed and taken away', async () => {
    const browser = await withPassword();
    await set(browser, OTHER);
    const told = await world.noticesTo(BO);
    expect(told.slice(-2)).toEqual([
      expect.stringContaining('A password was set'),
      expect.stringContaining('A password was set'),
    ]);
    const [credential] = await listed(browser);
    await browser.ask('DELETE', `credentials/${credential!.credentialId}?language=de`);
    expect((await world.noticesTo(BO)).at(-1)).toContain('wurde entfernt');
    expect(outcome(await tryIt(OTHER))).toEqual(WRONG);
  });

  it('has one: another takes its place, and ends what the first had opened elsewhere', async () => {
    const browser = await withPassword();
    const [first] = await listed(browser);
    const elsewhere = world.browser();
    await tryIt(GOOD, { link }, '192.0.2.1', elsewhere);
    await set(browser, OTHER);
    expect(await listed(browser)).toMatchObject([{ kind: 'password' }]);
    expect((await elsewhere.ask('GET', 'sessions/current')).status).toBe(401);
    expect((await browser.ask('GET', 'sessions/current')).status).toBe(200);
    expect(outcome(await tryIt(GOOD))).toEqual(WRONG);
    expect((await tryIt(OTHER)).status).toBe(200);
    expect((await world.events(first!.credentialId)).map(({ name }) => name)).toEqual([
      'MailboxCredentialAdded',
      'MailboxCredentialRemoved',
    ]);
  });

  it('ends with a new one also what somebody opened who knew the former one, and took it away himself', async () => {
    const owner = await withPassword();
    const thief = world.browser();
    await tryIt(GOOD, { link }, '192.0.2.1', thief);
    const [credential] = await listed(thief);
    expect((await thief.ask('DELETE', `credentials/${credential!.credentialId}?language=en`)).status).toBe(
      204,
    );
    expect((await thief.ask('GET', 'sessions/current')).status).toBe(200);
    expect((await set(owner, OTHER)).status).toBe(204);
    expect((await thief.ask('GET', 'sessions/current')).status).toBe(401);
    expect((await owner.ask('GET', 'sessions/current')).status).toBe(200);
  });

  it('has one, also where two are set at once', async () => {
    const browser = await withPassword();
    await Promise.all([set(browser, OTHER), set(browser, `${OTHER} igen`)]);
    expect(await listed(browser)).toHaveLength(1);
  });

  it('sets no other with it: only a code shows that the address is still his', async () => {
    await withPassword();
    const browser = world.browser();
    await tryIt(GOOD, { link }, '192.0.2.1', browser);
    expect(outcome(await set(browser, OTHER))).toEqual([403, '/errors/sign-in-anew']);
    expect((await tryIt(GOOD)).status).toBe(200);
  });

  it('finds it in no table and no event, nor what it would be found by', async () => {
    await withPassword();
    for (const table of ['events', 'credentials', 'password_tries', 'sessions']) {
      const { rows } = await world.pool.query<{ row: string }>(`select t::text as row from ${table} t`);
      for (const { row } of rows) expect(row).not.toMatch(/blåbær|fløde/);
    }
    const { rows } = await world.pool.query<{ password: string }>('select password from credentials');
    expect(rows[0]!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

it.each([
  ['kort', 'length'],
  ['x'.repeat(129), 'length'],
  ['\u0000'.repeat(12), 'length'],
  ['password1234', 'guessed'],
  ['qwertyuiop12', 'guessed'],
  ['aaaaaaaaaaaaaaaa', 'guessed'],
  ['bo@citizen.example', 'guessed'],
  ['Demo Kommune', 'guessed'],
  ['demokommune!', 'guessed'],
  ['demokommune2026', 'guessed'],
  ['securemailbox2026', 'guessed'],
  ['SecureMailBox!!', 'guessed'],
  ['SecureMail2026!', 'guessed'],
  ['demo.example2026', 'guessed'],
  ['Sommer2026!!!', 'guessed'],
])('%j is not taken as a password: %s', async (password, reason) => {
  const browser = world.browser();
  await world.signIn(browser, link);
  const { status, body } = await set(browser, password);
  expect([status, body['type'], body['reason']]).toEqual([422, '/errors/password-refused', reason]);
  expect(await listed(browser)).toEqual([]);
});

it('a long one may have such words in it', async () => {
  const browser = world.browser();
  await world.signIn(browser, link);
  expect((await set(browser, 'til sommer spiser kommunen blåbær og fløde')).status).toBe(204);
});

describe('nobody gets in', () => {
  it('by the password of somebody else', async () => {
    await withPassword();
    expect(outcome(await tryIt(GOOD, { link: linkOfKim }))).toEqual(WRONG);
    expect(outcome(await tryIt(GOOD, at(KIM)))).toEqual(WRONG);
    expect(outcome(await tryIt(GOOD, { organisation: 'other', address: BO }))).toEqual(WRONG);
  });

  it('by trying: after five wrong ones the right one is not looked at, also where all come at once', async () => {
    await withPassword();
    const tries = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((count) => tryIt(`${OTHER} ${count}`)));
    expect(tries.map(({ status }) => status).toSorted()).toEqual([422, 422, 422, 422, 422, 429, 429]);
    expect(outcome(await tryIt(GOOD))).toEqual(TOO_MANY);
    // Nobody is locked out: not from elsewhere, and not by a code.
    expect((await tryIt(GOOD, { link }, '198.51.100.7')).status).toBe(200);
    await world.signIn(world.browser(), link);
  });

  it('by trying from many networks', async () => {
    await withPassword();
    for (let count = 0; count < 20; count += 1)
      expect(outcome(await tryIt(OTHER, { link }, `198.51.100.${count}`))).toEqual(WRONG);
    expect(outcome(await tryIt(GOOD, { link }, '203.0.113.1'))).toEqual(TOO_MANY);
    await world.signIn(world.browser(), link);
  });

  it('and right ones are not counted', async () => {
    await withPassword();
    for (let count = 0; count < 7; count += 1) expect((await tryIt(GOOD)).status).toBe(200);
  });
});

describe('of an address that nobody wrote to', () => {
  const STRANGER = at('nobody@citizen.example');

  it('nothing is told: neither by the answer, nor by the time, nor by the tries', async () => {
    await withPassword();
    const timed = async (where: object, from: string) => {
      const before = performance.now();
      const { status, body } = await tryIt(OTHER, where, from);
      return { answer: { status, ...body, instance: '' }, took: performance.now() - before };
    };
    const [known, without, unknown] = [
      await timed(at(BO), '192.0.2.1'),
      await timed(at(KIM), '192.0.2.1'),
      await timed(STRANGER, '192.0.2.1'),
    ];
    expect(unknown.answer).toEqual(known.answer);
    expect(without.answer).toEqual(known.answer);
    for (const { took } of [known, without, unknown]) expect(took).toBeGreaterThan(390);
    for (let count = 0; count < 4; count += 1) await tryIt(OTHER, STRANGER);
    expect(outcome(await tryIt(OTHER, STRANGER))).toEqual(TOO_MANY);
  });
});

it('where the organisation takes no passwords none is set and none signs in', async () => {
  await running.close();
  running = await world.start({}, { mailbox: { url: 'https://post.demo.example', passwords: false } });
  const browser = world.browser();
  await world.signIn(browser, link);
  expect((await set(browser, GOOD)).status).toBe(404);
  expect((await tryIt(GOOD)).status).toBe(404);
  expect((await browser.ask('GET', 'organisations/demo')).body['passwords']).toBe(false);
});

it('tries are forgotten after an hour, and with a person his password', async () => {
  const own = await world.notified(await world.protectedFor(['pia@citizen.example'], MAIL));
  await world.pool.query(
    `insert into password_tries select 'demo', '\\x00', '\\x00', now() - make_interval(mins => m), gen_random_uuid()
      from unnest(array[59, 61]) m`,
  );
  const person = (
    await world.pool.query<{ person: Buffer }>('select person from messages where link = sha256($1)', [
      Buffer.from(own.link),
    ])
  ).rows[0]!.person;
  await world.pool.query(
    `insert into credentials (credential_id, tenant_id, person, kind, added_at, password)
      values (gen_random_uuid(), 'demo', $1, 'password', now() - interval '2 days', 'x')`,
    [person],
  );
  const { pool, vault, store } = world;
  const tidyNow = () => tidy({ pool, vault, store }, Settings.shape.mailbox.parse(undefined), new Date());
  const count = async (table: string) => (await pool.query(`select 1 from ${table}`)).rows.length;
  await tidyNow();
  expect([await count('password_tries'), await count('credentials')]).toEqual([1, 1]);
  await pool.query(`update messages set ends_at = now() - interval '1 second' where person = $1`, [person]);
  await tidyNow();
  expect(await count('credentials')).toBe(0);
});
