// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { noteVerifier, signNote, verifierKey } from '@securemail/ledger';
import { chromiumIsThere, missing, startChromium } from '@securemail/testing';
import { startWalk, type Walk } from '@securemail/testing/browser';
import type { Browser } from 'playwright-core';
import { PEOPLE } from './world/demo-files.ts';
import { startDemoWorld, type DemoWorld } from './world/demo-world.ts';

const DESK = { locale: 'en', width: 1280, height: 900 };
const NARROW = { locale: 'en', width: 320, height: 740 };
const MIB = 1024 * 1024;

if (!chromiumIsThere()) missing('Chromium', 'apt-get install chromium');
else {
  let folder: string;
  let world: DemoWorld;
  let browser: Browser;
  let password: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'console-audit-test-'));
    // Where root tests, Postgres is somebody else.
    await chmod(folder, 0o755);
    const ports = { httpPort: 0, smtpPort: 0, inboundPort: 0 };
    world = await startDemoWorld({ dataDir: folder, bus: 'postgres', ...ports, say: () => undefined });
    password = await readFile(world.paths.consolePassword, 'utf8');
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const origin = () => world.settings.console?.url ?? '';
  const api = async (path: string, body?: object) => {
    const response = await fetch(`${world.gateway.url}${path}`, {
      headers: { Authorization: `Bearer ${world.apiKey}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as {
      emailId: string;
      state: string;
      events?: { name: string }[];
      proof?: string | null;
    };
  };
  const keyOf = async () => {
    const headers = { Authorization: `Bearer ${world.apiKey}` };
    return (await fetch(`${world.gateway.url}/v1/ledger/key`, { headers })).text();
  };
  /** Until its sender was told of it, and the ledger has all of that. */
  const sent = async (...to: string[]) => {
    const letter = { from: PEOPLE.anna, to, subject: 'A secret subject', text: 'A secret text' };
    const { emailId } = await api('/v1/emails', letter);
    for (;;) {
      const { events } = await api(`/v1/ledger/replay/${emailId}`);
      if (events?.filter(({ name }) => name === 'Delivered').length === to.length + 1) return emailId;
      await sleep(50);
    }
  };
  const signedIn = async (name: string, options = DESK): Promise<Walk> => {
    const walk = await startWalk(browser, origin(), options);
    await walk.page.goto(`${origin()}/console/`);
    await walk.page.getByLabel('Name').fill(name);
    await walk.page.getByLabel('Password').fill(password);
    await walk.page.keyboard.press('Enter');
    await walk.page.getByRole('heading', { name: 'Overview' }).waitFor();
    return walk;
  };
  /** Who asks before he is signed in is told so, and browsers write that down; so do they of what is refused here. */
  const faultsOf = ({ faults }: Walk) => faults.filter((fault) => !/status of (401|403|404)/.test(fault));
  const expectWell = async (walk: Walk) => {
    expect(await walk.accessibilityFaults()).toEqual([]);
    expect(await walk.overflow()).toBe(0);
    expect(faultsOf(walk)).toEqual([]);
    expect(await walk.page.content()).not.toContain('A secret');
  };
  const tabTo = async ({ page }: Walk, text: RegExp) => {
    for (let steps = 0; steps < 80; steps += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate<string>(
        `(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent ?? ''`,
      );
      if (text.test(focused)) return;
    }
    throw new Error(`no way by keyboard to ${String(text)}`);
  };
  /** @returns where it lies. */
  const download = async ({ page }: Walk, reason: string) => {
    const begun = page.waitForEvent('download');
    await page.getByLabel('Why, for the history').fill(reason);
    await page.getByRole('button', { name: 'Download' }).click();
    const path = join(folder, `${reason}.jsonl`);
    await (await begun).saveAs(path);
    await page
      .getByRole('status')
      .filter({ hasText: /^audit-.+\.jsonl: [\d,]+ octets\.$/ })
      .waitFor();
    return path;
  };
  const atAudit = async (walk: Walk) => {
    await walk.page.getByRole('link', { name: 'Audit', exact: true }).click();
    await walk.page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor();
    await walk.page.getByText('recorded events').waitFor();
  };
  /** What is said of a file; the first line is the verdict. */
  const verdictOn = async ({ page }: Walk, path: string, keys: string | null): Promise<string[]> => {
    await page.getByLabel('The file').setInputFiles(path);
    const field = page.getByLabel(/^The public key/);
    if (keys !== null) await field.fill(keys);
    await page.getByRole('button', { name: 'Verify' }).click();
    const heading = page.locator('h3:focus');
    await heading.waitFor();
    const [name, ...lines] = await page.locator('.lines dd').allTextContents();
    expect(name).toBe(basename(path));
    return [(await heading.textContent()) ?? '', ...lines];
  };
  const file = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  describe('an auditor', () => {
    it('finds an email, goes back to a moment of it, and takes an export, by keyboard alone', async () => {
      const emailId = await sent(PEOPLE.colleague);
      const walk = await signedIn('auditor');
      const { page } = walk;
      for (const name of ['Held', 'Dead letters'])
        expect(await page.getByRole('link', { name, exact: true }).count()).toBe(0);
      await tabTo(walk, /^Audit$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor();
      await page.getByText('localhost/securemail/demo').waitFor();
      await page.getByText(/^\d+ \w+ \d{4}, [\d:]+, of [\d,]+ events$/).waitFor();
      await expectWell(walk);
      await tabTo(walk, /^Find an email$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Emails' }).waitFor();
      await tabTo(walk, /^Id, address/);
      await page.keyboard.type(PEOPLE.colleague);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: '1 email, newest first' }).waitFor();
      await tabTo(walk, /^\d+ \w+ \d{4}, [\d:]+$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Email ${emailId}` }).waitFor();
      await tabTo(walk, /^What the ledger has of it/);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'As it is now' }).waitFor();
      await page.getByText('What the gateway shows of it now follows from what was recorded.').waitFor();
      await page.locator('.facts .state.sent').waitFor();
      await expectWell(walk);
      await tabTo(walk, /^After an event/);
      await page.keyboard.press('ArrowDown');
      await page
        .getByRole('status')
        .filter({ hasText: /^As it was then, from 1 of \d+ events: the last was EmailAccepted/ })
        .waitFor();
      await page.locator('.facts .state.accepted').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('status').filter({ hasText: 'from 3 of' }).waitFor();
      await page.locator('.facts .state.in-progress').waitFor();
      await expectWell(walk);
      await walk.shoot('replay');
      await page.getByLabel('or by what was recorded before').fill('2020-01-01T00:00:00');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Nothing was recorded of it by then.' }).waitFor();
      await tabTo(walk, /^Why, for the history/);
      await page.keyboard.type('case 17');
      const begun = page.waitForEvent('download');
      await page.keyboard.press('Enter');
      expect((await begun).suggestedFilename()).toBe(`audit-${emailId}.jsonl`);
      // Who looked at it, and in which session, is among what was recorded.
      await page.goto(`${origin()}/console/audit/${emailId}`);
      await page.locator('.timeline strong').getByText('EmailInspected').first().waitFor();
      await page.getByRole('link', { name: 'this session of the console' }).first().click();
      await page.getByText('Aksel Auditor').first().waitFor();
      await page.locator('.timeline strong').getByText('ConsoleSearched').first().waitFor();
      await expectWell(walk);
      await walk.close();
    });

    it('sees a file verified in the browser, also without a network, and of every other one why not', async () => {
      const emailId = await sent(PEOPLE.person);
      const walk = await signedIn('auditor');
      const { page } = walk;
      await atAudit(walk);
      const path = await download(walk, 'yearly');
      await page.getByRole('button', { name: 'Use the key from this gateway' }).click();
      const field = page.getByLabel(/^The public key/);
      while ((await field.inputValue()) === '') await sleep(20);
      const key = await field.inputValue();
      const whole = await readFile(path, 'utf8');
      const lines = whole.trimEnd().split('\n');
      const name = key.split('+')[0] ?? '';
      expect(await verdictOn(walk, path, null)).toEqual([
        'Verified',
        expect.stringMatching(/^localhost\/securemail\/demo, \d+ leaves, root /),
        `by ${name}`,
        expect.stringMatching(/^20\d\d-\d\d-\d\dT/),
        expect.stringMatching(/^recorded from the beginning to its export: leaves 0 to \d+$/),
        expect.stringMatching(/^\d+ are as the ledger has them$/),
      ]);
      await expectWell(walk);
      await walk.shoot('audit');
      // What was said of one file does not stand beside another, and neither beside another key.
      await page.getByLabel('The file').setInputFiles(await file('other.jsonl', 'other'));
      await page.locator('.lines').waitFor({ state: 'detached' });
      expect((await verdictOn(walk, path, null))[0]).toBe('Verified');
      await field.fill(`${key}\n`);
      await page.locator('.lines').waitFor({ state: 'detached' });
      const place = lines.findIndex((line) => line.includes(emailId) && line.includes('ProtectionPlanned'));
      const { id } = JSON.parse(lines[place] ?? '') as { id: string };
      const leaf = lines.slice(0, place).filter((line) => line.startsWith('{"data":')).length;
      const claim = `It says that it is event ${id}.`;
      const ends = 'altered: The file is not as it was exported.';
      const touched = (changed: string[]) => `${changed.join('\n')}\n`;
      const line = lines[place] ?? '';
      const next = lines[place + 1] ?? '';
      const cases: [name: string, content: string | Buffer, faults: string[]][] = [
        [
          'changed',
          touched(lines.with(place, line.replace('"time":"2', '"time":"1'))),
          [`changed: Line ${place + 1} is not what the ledger has as leaf ${leaf}. ${claim}`, ends],
        ],
        [
          'removed',
          touched(lines.toSpliced(place, 1)),
          [`removed: What the ledger has as leaf ${leaf} is not in the file.`, ends],
        ],
        [
          'moved',
          touched(lines.with(place, next).with(place + 1, line)),
          [expect.stringMatching(new RegExp(`^moved: Leaf ${leaf + 1} stands at line ${place + 1}, `)), ends],
        ],
        [
          'added',
          touched(lines.toSpliced(place, 0, line)),
          [`added: Line ${place + 2} is not in the ledger, or is there once more. ${claim}`, ends],
        ],
        [
          'cut-off',
          touched(lines.slice(0, place)),
          [
            expect.stringContaining(`removed: What the ledger has as leaf ${leaf}`),
            'truncated: The file ends before its end: some of it is missing.',
          ],
        ],
        [
          'rubbish',
          Buffer.from([255, 0, 10]),
          ['unreadable: This is no export of a ledger: its first line is none.'],
        ],
        ['nothing', '', ['truncated: The file ends before its end: some of it is missing.']],
      ];
      // Nothing of it needs anybody.
      await page.context().setOffline(true);
      for (const [what, content, faults] of cases) {
        const [verdict, ...told] = await verdictOn(walk, await file(`${what}.jsonl`, content), key);
        expect([what, verdict, told]).toEqual([what, 'Not verified', expect.arrayContaining(faults)]);
      }
      expect((await verdictOn(walk, path, key))[0]).toBe('Verified');
      await page.context().setOffline(false);
      await verdictOn(walk, join(folder, 'changed.jsonl'), key);
      await expectWell({ ...walk, faults: walk.faults.filter((fault) => !fault.includes('DISCONNECTED')) });
      await page.getByRole('heading', { name: 'Not verified' }).scrollIntoViewIfNeeded();
      await walk.shoot('not-verified');
      await page.context().close();
    });

    it('sees what a receipt proves verified there, too', async () => {
      const emailId = await sent(PEOPLE.person);
      const walk = await signedIn('auditor');
      await atAudit(walk);
      const key = await keyOf();
      const receipt = async () => (await api(`/v1/emails/${emailId}/receipt`)).proof;
      let proof = await receipt();
      while (typeof proof !== 'string') {
        await sleep(100);
        proof = await receipt();
      }
      const [verdict, ...lines] = await verdictOn(walk, await file('recorded.tlog-proof', proof), key);
      expect(verdict).toBe('Verified');
      expect(lines).toContainEqual(expect.stringContaining(`of email ${emailId}`));
      const touched = await file('touched.tlog-proof', proof.replace('index ', 'index 1'));
      expect((await verdictOn(walk, touched, key))[0]).toBe('Not verified');
      expect(faultsOf(walk)).toEqual([]);
      await walk.close();
    });

    it('is told of what another key signed that it is not to be trusted, whoever it is', async () => {
      await sent(PEOPLE.person);
      const walk = await signedIn('auditor');
      await atAudit(walk);
      const path = await download(walk, 're-signed');
      const key = await keyOf();
      const name = key.split('+')[0] ?? '';
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      const header = JSON.parse(lines[0] ?? '') as { checkpoint: string };
      const textOf = (note: string) => note.slice(0, note.lastIndexOf('\n\n') + 1);
      const forge = (changed: string[]) => {
        const head = JSON.stringify({
          ...header,
          checkpoint: signNote(textOf(header.checkpoint), name, privateKey),
        });
        const body = [head, ...changed.slice(1, -1)].map((line) => `${line}\n`).join('');
        const digest = createHash('sha256').update(body).digest('base64');
        const text = `securemail-audit-export/1\n${name}\n${changed.length - 1}\n${digest}\n`;
        return `${body}${JSON.stringify({ end: signNote(text, name, privateKey) })}\n`;
      };
      const resigned = await file('forged.jsonl', forge(lines));
      const unsigned = `unsigned: The checkpoint of "${name}" is not signed by a key that you trust.`;
      expect(await verdictOn(walk, resigned, key)).toEqual([
        'Not verified',
        '0 are as the ledger has them',
        unsigned,
      ]);
      // Another's ledger is as it is; of ours it says nothing.
      const foreign = verifierKey(noteVerifier(name, publicKey));
      expect((await verdictOn(walk, resigned, foreign))[0]).toBe('Verified');
      expect((await verdictOn(walk, path, foreign)).slice(0, 1)).toEqual(['Not verified']);
      // With the end of one and the rest of another, not even who trusts both is content.
      const mixed = await file(
        'mixed.jsonl',
        `${[...lines.slice(0, -1), forge(lines).trimEnd().split('\n').at(-1)].join('\n')}\n`,
      );
      expect((await verdictOn(walk, mixed, `${key}\n${foreign}`))[0]).toBe('Not verified');
      for (const keys of ['what', key.replace('demo', 'other')])
        expect(await verdictOn(walk, path, keys)).toEqual([
          'No verdict',
          expect.stringContaining('public key of a ledger'),
        ]);
      expect(faultsOf(walk)).toEqual([]);
      await walk.close();
    });

    it('reads a large file in memory that does not grow with it, sees how far it is, and calls it off', async () => {
      const walk = await signedIn('auditor');
      const { page } = walk;
      await atAudit(walk);
      const path = await download(walk, 'large');
      const begin = (await readFile(path, 'utf8')).split('\n').slice(0, 2).join('\n');
      const large = join(folder, 'much.jsonl');
      const handle = await open(large, 'w');
      await handle.write(`${begin}\n`);
      const line = Buffer.alloc(MIB, 'x').fill('\n', MIB - 1);
      for (let times = 0; times < 384; times += 1) await handle.write(line);
      await handle.close();
      const session = await browser.newBrowserCDPSession();
      const memory = async () => {
        const { processInfo } = await session.send('SystemInfo.getProcessInfo');
        const sizes = processInfo.map(async ({ id }) => {
          const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
          return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
        });
        return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      };
      const begun = await memory();
      await page.getByLabel('The file').setInputFiles(large);
      await page.getByRole('button', { name: 'Use the key from this gateway' }).click();
      while ((await page.getByLabel(/^The public key/).inputValue()) === '') await sleep(20);
      const running = page.getByRole('progressbar', { name: 'Read so far' });
      const far = async () => Number(await running.getAttribute('value'));
      await page.getByRole('button', { name: 'Verify' }).click();
      while ((await far()) < 50 * MIB) await sleep(50);
      await expectWell(walk);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await running.waitFor({ state: 'detached' });
      await page.locator('[role="status"]:focus').filter({ hasText: 'Cancelled' }).waitFor();
      await page.getByRole('button', { name: 'Verify' }).click();
      let most = 0;
      for (;;) {
        most = Math.max(most, await memory());
        if ((await page.getByRole('heading', { name: 'Not verified' }).count()) > 0) break;
        await sleep(100);
      }
      await page.getByText(/^and \d+ more$/).waitFor();
      expect(most - begun).toBeLessThan(256 * MIB);
      await walk.close();
    });

    it('may do nothing, and others may not audit', async () => {
      const emailId = await sent(PEOPLE.person);
      const auditor = await signedIn('auditor');
      for (const path of ['held', 'dead-letters']) {
        await auditor.page.goto(`${origin()}/console/${path}`);
        await auditor.page
          .getByRole('alert')
          .filter({ hasText: 'Your role lacks the scope' })
          .first()
          .waitFor();
      }
      await auditor.page.goto(`${origin()}/console/audit/what`);
      await auditor.page.getByRole('alert').filter({ hasText: 'The ledger has nothing' }).waitFor();
      await auditor.close();
      const operator = await signedIn('demo');
      expect(await operator.page.getByRole('link', { name: 'Audit', exact: true }).count()).toBe(0);
      for (const path of ['audit', `audit/${emailId}`]) {
        await operator.page.goto(`${origin()}/console/${path}`);
        await operator.page
          .getByRole('alert')
          .filter({ hasText: 'Your role lacks the scope "audit".' })
          .waitFor();
      }
      await operator.close();
    });

    it('fits a narrow window, and the dark', async () => {
      const emailId = await sent(PEOPLE.person);
      const walk = await signedIn('auditor', NARROW);
      const { page } = walk;
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const path of ['audit', `audit/${emailId}`]) {
        await page.goto(`${origin()}/console/${path}`);
        await page.getByLabel('Why, for the history').waitFor();
        await sleep(300);
        await expectWell(walk);
      }
      await page.goto(`${origin()}/console/audit`);
      const key = await keyOf();
      const path = await download(walk, 'narrow');
      expect((await verdictOn(walk, path, key))[0]).toBe('Verified');
      await expectWell(walk);
      await verdictOn(walk, await file('short.jsonl', (await readFile(path)).subarray(0, 3_000)), key);
      await expectWell(walk);
      await walk.close();
    });
  });
}
