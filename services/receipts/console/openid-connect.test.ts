// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { chromiumIsThere, freePort, missing, startChromium } from '@securemail/testing';
import { openIdProvider, throughProvider } from '@securemail/testing/openid';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { openReceiptsWorld, type ReceiptsWorld } from '../testing/running-receipts.ts';
import { ConsoleBrowser } from './testing/console-browser.ts';

const CALLBACK = '/console/v1/sign-ins/openid-connect/callback';

let world: ReceiptsWorld;
let provider: Awaited<ReturnType<typeof openIdProvider>>;
let running: { close(): Promise<void> };
let origin: string;
beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  provider = await openIdProvider(`${origin}${CALLBACK}`);
  world = await openReceiptsWorld({
    platform: { console: { url: origin, tokenKey: 'a key of this test, of more than forty characters' } },
    tenants: {
      demo: {
        console: {
          openIdConnect: {
            name: 'DemoID',
            issuer: provider.issuer,
            clientId: 'securemail',
            clientSecret: 'a-secret-of-the-client',
            roles: { reader: ['helpdesk'], operator: ['sre'] },
          },
        },
      },
    },
  });
  running = await world.start({ http: { host: 'localhost', port } });
});
beforeEach(() => {
  provider.say({ name: 'Ida Iversen', roles: ['helpdesk', 'staff'] });
});
afterAll(async () => {
  await running.close();
  await provider.close();
  await world.close();
});

const newBrowser = () => new ConsoleBrowser(() => world.url(), origin);
const begin = async (browser: ConsoleBrowser) => {
  const { status, body } = await browser.ask('POST', '/console/v1/sign-ins/openid-connect', {
    organisation: 'demo',
  });
  expect(status).toBe(200);
  return new URL(body['location'] as string);
};
const comeBack = async (browser: ConsoleBrowser, { pathname, search }: URL) => {
  const { status, headers } = await browser.ask('GET', pathname + search, undefined, {
    'Sec-Fetch-Site': 'cross-site',
  });
  expect(status).toBe(303);
  return headers.get('location');
};
const sessionOf = async (browser: ConsoleBrowser) => browser.ask('GET', '/console/v1/session');

describe('who is known to the provider of the organisation', () => {
  it('signs in with the role that it says, which stands in the history', async () => {
    const browser = newBrowser();
    const ways = await browser.ask('GET', '/console/v1/ways?organisation=demo');
    expect(ways.body).toMatchObject({ openIdConnect: 'DemoID', passwords: false });
    const location = await begin(browser);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      scope: 'openid profile',
      code_challenge_method: 'S256',
      nonce: expect.any(String),
    });
    expect(await comeBack(browser, await throughProvider(location, CALLBACK))).toBe('/console/');
    const { body } = await sessionOf(browser);
    expect(body).toMatchObject({ name: 'Ida Iversen', role: 'reader', organisation: { id: 'demo' } });
    const { sub } = decodeJwt(String(body['token']));
    expect((await world.told(EmailId.parse(sub)))[0]).toMatchObject({
      name: 'ConsoleSignedIn',
      data: { method: 'openid-connect', issuer: provider.issuer, role: 'reader' },
      personal: { by: 'Ida Iversen', subject: 'somebody' },
    });
  });

  it('has the most that one of the roles allows', async () => {
    provider.say({ name: 'Ida Iversen', roles: ['helpdesk', 'sre'] });
    const browser = newBrowser();
    await comeBack(browser, await throughProvider(await begin(browser), CALLBACK));
    expect((await sessionOf(browser)).body['role']).toBe('operator');
  });

  it.each([
    ['none of the roles', { name: 'Ida', roles: ['staff'] }],
    ['no roles at all', { name: 'Ida' }],
    ['a role in other letters', { name: 'Ida', roles: 'SRE' }],
  ])('is told so where it says %s', async (_, said) => {
    provider.say(said);
    const browser = newBrowser();
    const page = await comeBack(browser, await throughProvider(await begin(browser), CALLBACK));
    expect(page).toBe('/console/sign-in?refused=role');
    expect((await sessionOf(browser)).status).toBe(401);
  });
});

it('each of two tabs that both begin there gets in by its own answer', async () => {
  const browser = newBrowser();
  const first = await throughProvider(await begin(browser), CALLBACK);
  const second = await throughProvider(await begin(browser), CALLBACK);
  expect(await comeBack(browser, first)).toBe('/console/');
  expect(await comeBack(browser, second)).toBe('/console/');
  expect(await comeBack(browser, first)).toBe('/console/sign-in?refused=ended');
  for (let tab = 0; tab < 9; tab += 1) await begin(browser);
  expect(browser.cookies.get('__Host-securemail-console-openid')?.split('.')).toHaveLength(5);
});

it('who comes back while the database is away gets a page that says so', async () => {
  const browser = newBrowser();
  const answer = await throughProvider(await begin(browser), CALLBACK);
  const query = Reflect.get(pg.Pool.prototype, 'query') as unknown;
  Object.assign(pg.Pool.prototype, { query: () => Promise.reject(new Error('away')) });
  try {
    expect(await comeBack(browser, answer)).toBe('/console/sign-in?refused=away');
  } finally {
    Object.assign(pg.Pool.prototype, { query });
  }
  expect(await comeBack(browser, answer)).toBe('/console/');
});

if (!chromiumIsThere()) missing('Chromium', 'apt-get install chromium');
else
  it('a browser comes back to the page that it wanted, once', async () => {
    const chromium = await startChromium();
    try {
      const page = await chromium.newPage();
      await page.goto(`${origin}/console/emails?state=held`);
      await page.getByLabel('The domain of your organisation').fill('demo.example');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('button', { name: 'Sign in with DemoID' }).click();
      await page.waitForURL(`${origin}/console/emails?state=held`);
      await page.getByRole('heading', { name: 'Emails' }).waitFor();
      await page.goto(`${origin}/console/`);
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      expect(page.url()).toBe(`${origin}/console/`);
    } finally {
      await chromium.close();
    }
  });

describe('nobody is signed in', () => {
  it('by an answer that another browser began (login CSRF)', async () => {
    const [attacker, victim] = [newBrowser(), newBrowser()];
    const answer = await throughProvider(await begin(attacker), CALLBACK);
    expect(await comeBack(victim, answer)).toBe('/console/sign-in?refused=ended');
    await begin(victim);
    expect(await comeBack(victim, answer)).toBe('/console/sign-in?refused=ended');
    expect((await sessionOf(victim)).status).toBe(401);
  });

  it('twice by one answer', async () => {
    const browser = newBrowser();
    const answer = await throughProvider(await begin(browser), CALLBACK);
    const cookies = new Map(browser.cookies);
    expect(await comeBack(browser, answer)).toBe('/console/');
    const again = newBrowser();
    for (const [name, value] of cookies) again.cookies.set(name, value);
    expect(await comeBack(again, answer)).toBe('/console/sign-in?refused=ended');
  });

  it('by an organisation that has no provider, and where the provider is away', async () => {
    const asked = (organisation: string) =>
      newBrowser().ask('POST', '/console/v1/sign-ins/openid-connect', { organisation });
    expect((await asked('other')).status).toBe(404);
    expect((await asked('nobody')).status).toBe(404);
    const browser = newBrowser();
    const answer = await throughProvider(await begin(browser), CALLBACK);
    await provider.close();
    expect(await comeBack(browser, answer)).toBe('/console/sign-in?refused=provider');
  });
});
