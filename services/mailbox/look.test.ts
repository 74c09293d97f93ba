// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumIsThere, missing } from '@securemail/testing';
import { MAIL } from './testing/mails.ts';
import { isWell, openPageWorld, SIZES, type PageWorld } from './testing/page-world.ts';
import { BO, openMailboxWorld } from './testing/running-mailbox.ts';
import { startWalk } from '@securemail/testing/browser';

const LOGO = `<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><circle cx="24" cy="24" r="22" fill="#f2c14e"/>
<script>document.documentElement.setAttribute('data-ran', 'yes')</script></svg>`;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tenantWith = (look: object) => ({ mailbox: { url: 'https://post.demo.example', look } });

it('a logo is served as what it is, and without one there is none; what is no picture stops the start', async () => {
  const world = await openMailboxWorld();
  const logoFile = join(folder, 'logo');
  try {
    await writeFile(logoFile, PNG);
    const running = await world.start({}, tenantWith({ logoFile }));
    const bo = world.browser();
    const { body } = await bo.ask('GET', 'organisations/demo');
    expect(body).toMatchObject({
      logo: '/mailbox/v1/organisations/demo/logo',
      colours: { accent: '#0b4a8f', banner: '#ffffff', onBanner: '#14202b' },
    });
    const { status, headers, octets } = await bo.ask('GET', 'organisations/demo/logo');
    expect([status, headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(octets).toEqual(PNG);
    expect((await bo.ask('GET', 'organisations/other')).body).toMatchObject({ logo: null });
    expect((await bo.ask('GET', 'organisations/other/logo')).status).toBe(404);
    await running.close();
    for (const [content, why] of [
      [Buffer.from('<html><script>alert(1)</script></html>'), /the logo of demo, .*, is no PNG/],
      [Buffer.concat([PNG, Buffer.alloc(300_000)]), /the logo of demo, .*, is larger than 256 kB/],
    ] as const) {
      await writeFile(logoFile, content);
      await expect(world.start({}, tenantWith({ logoFile }))).rejects.toThrow(why);
    }
    await expect(world.start({}, tenantWith({ logoFile: join(folder, 'none') }))).rejects.toThrow(
      /the logo of demo, .*, can not be read/,
    );
  } finally {
    await world.close();
  }
});

if (chromiumIsThere()) {
  let pages: PageWorld;
  beforeAll(async () => {
    const logoFile = join(folder, 'logo.svg');
    await writeFile(logoFile, LOGO);
    pages = await openPageWorld(
      {},
      {
        look: {
          logoFile,
          colours: { accent: '#7a1c4b', banner: '#1d3b2f' },
          texts: {
            en: {
              welcome: 'Here you read what the municipality writes to you.\n\nIt is free.',
              help: 'Need help? Call 70 10 20 30, Monday to Friday 9 to 15.',
              links: [{ label: 'Privacy', url: 'https://www.demo.example/privacy' }],
            },
            da: { help: 'Brug for hjælp? Ring 70 10 20 30.' },
          },
        },
      },
    );
  });
  afterAll(() => pages.close());

  it.each(Object.entries(SIZES))(
    'every page looks as the organisation wants it, on a %s',
    async (kind, size) => {
      const { world, browser, origin } = pages;
      const { mail } = await world.notified(await world.protectedFor([BO], MAIL));
      expect(mail.html).toContain('background:#1d3b2f;color:#ffffff');
      expect(mail.text).toContain('Call 70 10 20 30');
      const link = /http:\/\/localhost:\d+\/mailbox\/m\/\S+/.exec(mail.text ?? '')?.[0] ?? '';
      const walk = await startWalk(browser, origin, { locale: 'en', ...size });
      const { page, faults } = walk;
      const colourOf = (selector: string, which: 'color' | 'backgroundColor') =>
        page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${which}`);
      await page.goto(link);
      await page.getByText('Here you read').waitFor();
      await page.getByText('It is free.').waitFor();
      await page.getByText('Call 70 10 20 30').waitFor();
      expect(await colourOf('header', 'backgroundColor')).toBe('rgb(29, 59, 47)');
      expect(await colourOf('.brand', 'color')).toBe('rgb(255, 255, 255)');
      expect(await colourOf('main button', 'backgroundColor')).toBe('rgb(122, 28, 75)');
      expect(await page.evaluate(`document.querySelector('.brand img').naturalWidth`)).toBe(48);
      expect(await page.getByRole('link', { name: 'Privacy' }).getAttribute('href')).toBe(
        'https://www.demo.example/privacy',
      );
      await isWell(walk, `own-look-${kind}-en`);
      const before = (await world.codesTo(BO, 0)).length;
      await page.getByRole('button', { name: 'Send me the code' }).click();
      await page.getByRole('textbox').fill((await world.codesTo(BO, before + 1)).at(-1) ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
      expect(await colourOf('header', 'backgroundColor')).toBe('rgb(29, 59, 47)');
      await isWell(walk, kind === 'phone' ? 'own-look-message-phone-en' : undefined);
      await page.getByRole('combobox').selectOption('da');
      await page.getByText('Brug for hjælp? Ring 70 10 20 30.').waitFor();
      // In no language but its own: the organisation's.
      await page.getByRole('combobox').selectOption('de');
      expect(await page.getByText('Call 70 10 20 30').locator('..').getAttribute('lang')).toBe('en');
      await page.getByRole('button', { name: 'Abmelden' }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await colourOf('header', 'backgroundColor')).toBe('rgb(29, 59, 47)');
      await page.goto(`${origin}/mailbox/o/demo`);
      await page.locator('.brand img').waitFor();
      await isWell(walk);
      expect(faults).toEqual([]);
      const robots = async (path: string) =>
        (await fetch(`${origin}/mailbox/${path}`)).headers.get('x-robots-tag');
      expect([await robots('o/demo'), await robots('o/demo/write')]).toEqual([null, null]);
      expect([await robots('m/x'), await robots('messages'), await robots('o/demo/x')]).toEqual(
        Array(3).fill('noindex'),
      );
      await page.goto(`${origin}/mailbox/v1/organisations/demo/logo`);
      expect(await page.evaluate('document.documentElement.getAttribute("data-ran")')).toBeNull();
      await walk.close();
    },
  );
} else missing('Chromium', 'apt-get install chromium');
