// SPDX-License-Identifier: Apache-2.0
import { chromiumIsThere, freePort, missing, startChromium } from '@securemail/testing';
import type { EmailId } from '@securemail/contracts';
import { tidy } from './housekeeping.ts';
import { Settings } from './settings.ts';
import { MAIL } from './testing/mails.ts';
import { CALLBACK, comeBack, throughProvider } from './testing/openid-browser.ts';
import { openIdProvider } from '@securemail/testing/openid';
import { isWell, SIZES } from './testing/page-world.ts';
import { BO, KIM, openMailboxWorld, type Browser, type MailboxWorld } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

let world: MailboxWorld;
let provider: Awaited<ReturnType<typeof openIdProvider>>;
let running: { url: string; close(): Promise<void> };
let origin: string;
let port: number;
let link: string;
const start = (more: object = {}, settings: object = {}) =>
  world.start(
    { http: { host: 'localhost', port }, ...settings },
    {
      mailbox: {
        url: origin,
        openIdConnect: {
          name: 'DemoID',
          issuer: provider.issuer,
          clientId: 'securemail',
          clientSecret: 'a-secret-of-the-client',
          ...more,
        },
      },
    },
  );
beforeAll(async () => {
  world = await openMailboxWorld();
  port = await freePort();
  origin = `http://localhost:${port}`;
  provider = await openIdProvider(`${origin}${CALLBACK}`);
  running = await start();
  ({ link } = await world.notified(await world.protectedFor([BO], MAIL)));
});
beforeEach(() => {
  provider.say({ email: BO, email_verified: true });
});
afterAll(async () => {
  await running.close();
  await provider.close();
  await world.close();
});

const begin = async (browser: Browser, where: object = { link }) => {
  const { status, body } = await browser.ask('POST', 'sign-ins/openid-connect', where, { Origin: origin });
  expect(status).toBe(200);
  return new URL(body['location'] as string);
};
const signedIn = async (browser: Browser) => (await browser.ask('GET', 'sessions/current')).status === 200;
const REFUSED = '/mailbox/not-signed-in/demo';

describe('who is known to the provider by the address', () => {
  it('signs in there from a link, and reads what it leads to', async () => {
    const browser = world.browser();
    const location = await begin(browser);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid email',
      state: expect.any(String),
      nonce: expect.any(String),
    });
    expect(location.href).not.toContain('citizen');
    const page = await comeBack(browser, await throughProvider(location));
    expect(page).toMatch(/^\/mailbox\/messages\/[0-9a-f-]{36}$/);
    const read = await browser.ask('GET', page!.slice('/mailbox/'.length));
    expect(read.body['subject']).toBe('Afgørelse i din sag');
  });

  it('signs in from the page of the organisation, and may write from that address; after a day nothing says whose it was', async () => {
    const browser = world.browser();
    const back = await throughProvider(await begin(browser, { organisation: 'demo' }));
    expect(await comeBack(browser, back)).toBe('/mailbox/messages');
    const address = async () => (await browser.ask('GET', 'sessions/current')).body['address'];
    expect(await address()).toBe(BO);
    const { rows } = await world.pool.query<{ id: EmailId; body: string }>(
      `select email_id as id, e::text as body from events e where name = 'MailboxAddressProven' order by position desc limit 1`,
    );
    expect(rows[0]!.body).not.toContain('citizen');
    const { pool, vault, store } = world;
    const tomorrow = new Date(Date.now() + 25 * 3_600_000);
    await tidy({ pool, vault, store }, Settings.shape.mailbox.parse(undefined), tomorrow);
    expect((await world.events(rows[0]!.id))[0]!.personal).toBeNull();
  });
});

it('each of two tabs that both begin there gets in by its own answer', async () => {
  const browser = world.browser();
  const first = await throughProvider(await begin(browser));
  const second = await throughProvider(await begin(browser, { organisation: 'demo' }));
  expect(await comeBack(browser, first)).toMatch(/^\/mailbox\/messages\/[0-9a-f-]{36}$/);
  expect(await comeBack(browser, second)).toBe('/mailbox/messages');
  expect(await comeBack(browser, first)).toBe('/mailbox/not-signed-in');
  for (let tab = 0; tab < 9; tab += 1) await begin(browser);
  expect(browser.cookies.get('__Host-securemail-openid')?.split('.')).toHaveLength(5);
});

describe('from one network', () => {
  beforeAll(async () => {
    await running.close();
    running = await start({}, { limits: { tries: 3 } });
  });
  afterAll(async () => {
    await running.close();
    running = await start();
  });

  it('nobody is kept out by answers that nobody was asked for, nor by what neighbours begin', async () => {
    const browser = world.browser();
    const back = await throughProvider(await begin(browser));
    const flood = async (query = '') => {
      for (let time = 0; time < 10; time += 1) {
        const { headers } = await fetch(`${origin}${CALLBACK}${query}`, {
          redirect: 'manual',
          headers: { 'Sec-Fetch-Site': 'cross-site' },
        });
        expect(headers.get('location')).toBe('/mailbox/not-signed-in');
      }
    };
    await flood();
    await flood('?state=x&code=y');
    const neighbour = () =>
      world.browser().ask('POST', 'sign-ins/openid-connect', { organisation: 'demo' }, { Origin: origin });
    for (const status of [200, 200, 200, 429]) expect((await neighbour()).status).toBe(status);
    expect(await comeBack(browser, back)).toMatch(/^\/mailbox\/messages\//);
    // Who has a link, or is signed in and proves more, is counted by himself.
    await begin(world.browser());
    const { messageId } = /(?<messageId>[0-9a-f-]{36})/.exec(
      (await comeBack(browser, await throughProvider(await begin(browser)))) ?? '',
    )!.groups!;
    await begin(browser, { message: messageId });
  });
});

describe('nobody is signed in', () => {
  it.each([
    ['whose address is not verified there', { email: BO, email_verified: false }],
    ['of whom it is not said that it is verified', { email: BO }],
    ['who has no address there', {}],
    ['whose address is none', { email: 'bo', email_verified: true }],
    ['who follows a link of somebody else', { email: KIM, email_verified: true }],
  ])('%s', async (_, said) => {
    provider.say(said);
    const browser = world.browser();
    expect(await comeBack(browser, await throughProvider(await begin(browser)))).toBe(REFUSED);
    expect(await signedIn(browser)).toBe(false);
  });

  it('by an answer that another browser began (login CSRF)', async () => {
    const [attacker, victim] = [world.browser(), world.browser()];
    const back = await throughProvider(await begin(attacker));
    await begin(victim);
    expect(await comeBack(victim, back)).toBe('/mailbox/not-signed-in');
    expect(await comeBack(world.browser(), back)).toBe('/mailbox/not-signed-in');
    expect(await signedIn(victim)).toBe(false);
  });

  it('by an answer that was used before', async () => {
    const browser = world.browser();
    const back = await throughProvider(await begin(browser));
    const cookies = new Map(browser.cookies);
    await comeBack(browser, back);
    const thief = world.browser();
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    expect(await comeBack(thief, back)).toBe('/mailbox/not-signed-in');
    expect(await signedIn(thief)).toBe(false);
  });

  it.each([
    [
      'of another provider (mix-up)',
      (url: URL) => {
        url.searchParams.set('iss', 'https://evil.example');
      },
    ],
    [
      'that does not say of which provider it is',
      (url: URL) => {
        url.searchParams.delete('iss');
      },
    ],
    [
      'with another state',
      (url: URL) => {
        url.searchParams.set('state', 'x'.repeat(43));
      },
    ],
    [
      'with a code of somebody else',
      (url: URL) => {
        url.searchParams.set('code', 'x'.repeat(43));
      },
    ],
    [
      'that refuses, in words that would act',
      (url: URL) => {
        url.searchParams.delete('code');
        url.searchParams.set('error', 'access_denied');
        url.searchParams.set('error_description', '<script>alert(1)</script>');
      },
    ],
    [
      'that wants to go elsewhere',
      (url: URL) => {
        url.searchParams.set('redirect', 'https://evil.example');
      },
    ],
  ])('by an answer %s, or it goes to our own page', async (name, change) => {
    const browser = world.browser();
    const back = await throughProvider(await begin(browser));
    change(back);
    const page = await comeBack(browser, back);
    if (name === 'that wants to go elsewhere') expect(page).toMatch(/^\/mailbox\/messages\//);
    else {
      const refused = name === 'with another state' ? '/mailbox/not-signed-in' : REFUSED;
      expect([page, await signedIn(browser)]).toEqual([refused, false]);
    }
  });

  it('a quarter of an hour after it was begun', async () => {
    const browser = world.browser();
    const back = await throughProvider(await begin(browser));
    await world.pool.query(`update openid_sign_ins set begun_at = begun_at - interval '16 minutes'`);
    expect(await comeBack(browser, back)).toBe('/mailbox/not-signed-in');
  });

  it('by what another site begins', async () => {
    const { body } = await world
      .browser()
      .ask('POST', 'sign-ins/openid-connect', { link }, { 'Sec-Fetch-Site': 'cross-site' });
    expect(body['type']).toBe('/errors/cross-site');
  });
});

if (chromiumIsThere()) {
  it.each([
    ['en', 'Sign in with DemoID', 'You are not signed in'],
    ['da', 'Log ind med DemoID', 'Du er ikke logget ind'],
    ['de', 'Mit DemoID anmelden', 'Sie sind nicht angemeldet'],
  ])('in a browser, in the language %s', async (locale, button, refused) => {
    const chromium = await startChromium();
    const walk = await startWalk(chromium, origin, { locale, ...SIZES.phone });
    const { page } = walk;
    await page.goto(`${origin}/mailbox/m/${link}`);
    await page.getByRole('button', { name: button }).waitFor();
    await isWell(walk, `openid-phone-${locale}`);
    await page.getByRole('button', { name: button }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
    provider.say({ email: KIM, email_verified: true });
    await page.context().clearCookies();
    await page.goto(`${origin}/mailbox/m/${link}`);
    await page.getByRole('button', { name: button }).press('Enter');
    await page.getByRole('heading', { level: 1, name: refused }).waitFor();
    await isWell(walk, `openid-refused-phone-${locale}`);
    await page.locator('main a').press('Enter');
    await page.waitForURL(`${origin}/mailbox/m/${link}`);
    // Who had no link then is led by none.
    await page.goto(`${origin}/mailbox/o/demo`);
    provider.say({ email: BO, email_verified: false });
    await page.getByRole('button', { name: button }).press('Enter');
    await page.getByRole('heading', { level: 1, name: refused }).waitFor();
    await page.locator('main a[href="/mailbox/o/demo"]').waitFor();
    provider.say({ email: BO, email_verified: true });
    await walk.close();
    await chromium.close();
  });

  it.each([
    ['en', 'Sign in with DemoID', 'You are not signed in', 'Nothing is lost'],
    ['da', 'Log ind med DemoID', 'Du er ikke logget ind', 'Intet er tabt'],
    ['de', 'Mit DemoID anmelden', 'Sie sind nicht angemeldet', 'nichts verloren'],
  ])(
    'a page says so to who comes back while nobody can be signed in (%s)',
    async (locale, button, title, away) => {
      const chromium = await startChromium();
      const walk = await startWalk(chromium, origin, { locale, ...SIZES.phone });
      const { page } = walk;
      // The database is away just while somebody is at the provider.
      const whileThere = async (change: () => Promise<unknown>) => {
        let isChanged = false;
        await page.route(`${provider.issuer}/**`, async (route) => {
          if (!isChanged) await change();
          isChanged = true;
          await route.continue();
        });
        await page.context().clearCookies();
        await page.goto(`${origin}/mailbox/m/${link}`);
        await page.getByRole('button', { name: button }).press('Enter');
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.unroute(`${provider.issuer}/**`);
      };
      await whileThere(() => world.pool.query('alter table openid_sign_ins rename to away'));
      try {
        await page.getByText(away).waitFor();
        await isWell(walk);
        await page.locator(`main a[href="/mailbox/m/${link}"]`).waitFor();
      } finally {
        await world.pool.query('alter table away rename to openid_sign_ins');
      }
      await walk.close();
      await chromium.close();
    },
  );
} else missing('Chromium', 'apt-get install chromium');

describe('where the organisation asks how strongly somebody signed in', () => {
  beforeAll(async () => {
    await running.close();
    running = await start({ acrValues: ['substantial'] });
  });

  it.each([
    ['substantial', true],
    ['low', false],
    [undefined, false],
  ])('%s: %s', async (acr, expected) => {
    provider.say({ email: BO, email_verified: true, ...(acr === undefined ? {} : { acr }) });
    const browser = world.browser();
    const location = await begin(browser);
    expect(location.searchParams.get('acr_values')).toBe('substantial');
    await comeBack(browser, await throughProvider(location));
    expect(await signedIn(browser)).toBe(expected);
  });
});

describe('where the provider does not answer', () => {
  it('who comes back from there is told that it is away, and not that he was refused', async () => {
    await running.close();
    running = await start();
    const [direct, more] = [world.browser(), world.browser()];
    await comeBack(more, await throughProvider(await begin(more)));
    provider.goAway(true);
    const back = await throughProvider(await begin(direct));
    expect(await comeBack(direct, back)).toBe('/mailbox/not-signed-in/demo?why=provider-away');
    const message = crypto.randomUUID();
    const proving = await throughProvider(await begin(more, { message }));
    expect(await comeBack(more, proving)).toBe(`/mailbox/messages/${message}?away=openid-connect`);
    provider.goAway(false);
    expect(await comeBack(direct, await throughProvider(await begin(direct)))).toMatch(/messages/);
  });

  it('that is said, and a code is had all the same', async () => {
    await running.close();
    running = await start({ issuer: 'http://localhost:1' });
    const browser = world.browser();
    const { status, body } = await browser.ask(
      'POST',
      'sign-ins/openid-connect',
      { link },
      { Origin: origin },
    );
    expect([status, body['type']]).toEqual([503, '/errors/provider-unavailable']);
  });

  it('and where there is none, nobody is sent anywhere', async () => {
    await running.close();
    running = await world.start({ http: { host: 'localhost', port } }, { mailbox: { url: origin } });
    const asked = world.browser().ask('POST', 'sign-ins/openid-connect', { link }, { Origin: origin });
    expect((await asked).status).toBe(404);
  });
});
