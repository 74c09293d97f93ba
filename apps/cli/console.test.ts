// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newEmailId, newEventId } from '@securemail/contracts';
import { createPool } from '@securemail/event-store';
import { startTelemetry } from '@securemail/telemetry';
import { chromiumIsThere, createCertificateAuthority, missing, startChromium } from '@securemail/testing';
import { startWalk, type Walk } from '@securemail/testing/browser';
import type { Browser } from 'playwright-core';
import { PEOPLE } from './world/demo-files.ts';
import { startDemoWorld, type DemoWorld } from './world/demo-world.ts';

const DESK = { locale: 'en', width: 1280, height: 900 };
const NARROW = { locale: 'en', width: 320, height: 740 };
/** Where this organisation has its traces and its log. */
const ELSEWHERE = {
  SECUREMAIL_CONSOLE__TRACEURL: 'https://traces.example/trace/{traceId}',
  SECUREMAIL_CONSOLE__LOGSURL: 'https://logs.example/?trace={traceId}&email={emailId}',
};
/** For whom there is no way that is safe: SecureMailBox is not set up. */
const STRANGER = 'somebody@nowhere.example';

if (!chromiumIsThere()) missing('Chromium', 'apt-get install chromium');
else {
  let folder: string;
  let world: DemoWorld;
  let browser: Browser;
  let password: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'console-test-'));
    // Where root tests, Postgres is somebody else.
    await chmod(folder, 0o755);
    const ports = { httpPort: 0, smtpPort: 0, inboundPort: 0 };
    Object.assign(process.env, ELSEWHERE);
    world = await startDemoWorld({ dataDir: folder, bus: 'postgres', ...ports, say: () => undefined });
    password = await readFile(world.paths.consolePassword, 'utf8');
    browser = await startChromium();
  });
  afterAll(async () => {
    for (const name of Object.keys(ELSEWHERE)) Reflect.deleteProperty(process.env, name);
    await browser.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const origin = () => world.settings.console?.url ?? '';
  const api = async (path: string, body?: object | string, type = 'application/json') => {
    const response = await fetch(`${world.gateway.url}${path}`, {
      headers: { Authorization: `Bearer ${world.apiKey}`, 'Content-Type': type },
      ...(body === undefined
        ? {}
        : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return (await response.json()) as { emailId: string; state: string };
  };
  const send = async (...to: string[]) =>
    (await api('/v1/emails', { from: PEOPLE.anna, to, subject: 'A secret subject', text: 'A secret text' }))
      .emailId;
  const until = async (emailId: string, ...states: string[]) => {
    while (!states.includes((await api(`/v1/emails/${emailId}`)).state)) await sleep(50);
  };
  const newWalk = async (options = DESK): Promise<Walk> => {
    const walk = await startWalk(browser, origin(), options);
    // What is not shown is not sent, either.
    walk.page.on('response', (response) => {
      if (!response.headers()['content-type']?.includes('json')) return;
      void response.text().then(
        (text) => {
          if (text.includes('A secret')) walk.faults.push(`${response.url()} tells of the mail`);
        },
        () => undefined,
      );
    });
    await walk.page.goto(`${origin()}/console/`);
    return walk;
  };
  const signedIn = async (options = DESK): Promise<Walk> => {
    const walk = await newWalk(options);
    await walk.page.getByLabel('Name').fill('demo');
    await walk.page.getByLabel('Password').fill(password);
    await walk.page.keyboard.press('Enter');
    await walk.page.getByRole('heading', { name: 'Overview' }).waitFor();
    return walk;
  };
  /** Who asks before he is signed in is told so, and browsers write that down. */
  const faultsOf = ({ faults }: Walk) => faults.filter((fault) => !/status of (401|422)/.test(fault));
  const expectWell = async (walk: Walk) => {
    expect(await walk.accessibilityFaults()).toEqual([]);
    expect(await walk.overflow()).toBe(0);
    expect(faultsOf(walk)).toEqual([]);
    expect(await walk.page.content()).not.toContain('A secret');
  };
  /** As who has no mouse: on, until what has the focus says this. */
  const tabTo = async ({ page }: Walk, text: string | RegExp) => {
    for (let steps = 0; steps < 80; steps += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate<string>(
        `(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent ?? ''`,
      );
      if (typeof text === 'string' ? focused.trim().startsWith(text) : text.test(focused)) return;
    }
    throw new Error(`no way by keyboard to ${String(text)}`);
  };

  describe('the console', () => {
    it('is used by keyboard alone: signed in to, an email found and looked at, signed out of', async () => {
      const emailId = await send(PEOPLE.person, PEOPLE.colleague);
      await until(emailId, 'sent');
      const walk = await newWalk();
      const { page } = walk;
      await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
      await expectWell(walk);
      await walk.shoot('sign-in');
      await tabTo(walk, 'Name');
      await page.keyboard.type('demo');
      await page.keyboard.press('Tab');
      await page.keyboard.type('a wrong one');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'Name or password are wrong.' }).waitFor();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await tabTo(walk, /^Emails$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Emails' }).waitFor();
      await tabTo(walk, 'Id, address');
      await page.keyboard.type(PEOPLE.colleague);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'newest first' }).waitFor();
      await expectWell(walk);
      await walk.shoot('emails');
      // Whom one looks for is in no address, which servers and browsers write down.
      expect(page.url()).not.toContain('ulla');
      await tabTo(walk, 'Find');
      await tabTo(walk, /^\d+ \w+ \d{4}, [\d:]+$/);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Email ${emailId}` }).waitFor();
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      await tabTo(walk, 'Sign out');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
      expect(await page.content()).not.toContain(PEOPLE.colleague);
      await walk.close();
    });

    it('shows throughput and latency as it goes on', async () => {
      const walk = await signedIn();
      const { page } = walk;
      const accepted = async () =>
        Number((await page.locator('.figures dd').first().textContent())?.replaceAll(',', ''));
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      const before = await accepted();
      for (let count = 0; count < 5; count += 1) await until(await send(PEOPLE.person), 'sent');
      while ((await accepted()) < before + 5) await sleep(100);
      await page.getByRole('img', { name: /^Throughput/ }).waitFor();
      await page.getByText('The pictures as a table').click();
      await expectWell(walk);
      await page.getByText('The pictures as a table').click();
      await walk.shoot('overview');
      for (const range of ['24 hours', 'seven days']) {
        await page.getByLabel(range).check();
        await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
        expect(await accepted()).toBeGreaterThanOrEqual(before + 5);
      }
      await walk.close();
    });

    it('shows of an email its plan and why, its attempts, answers and time, and what more happens to it', async () => {
      const emailId = await send(PEOPLE.person, PEOPLE.clerk, STRANGER);
      await until(emailId, 'held', 'partly-sent');
      const walk = await signedIn();
      const { page } = walk;
      await page.goto(`${origin()}/console/emails/${emailId}`);
      await page.getByText('not smime-personal: no certificate is known').first().waitFor();
      for (const text of ['ProtectionPlanned', 'DeliveryAttemptStarted', 'the server said 250'])
        await page.getByText(text).first().waitFor();
      await page.getByRole('rowheader', { name: 'held', exact: true }).waitFor();
      await expectWell(walk);
      await walk.shoot('email');
      // Who had it released elsewhere: the page follows.
      await api(`/v1/held/${emailId}/reject`, { by: 'Ida Iversen', reason: 'Sent by letter' });
      await page.getByText('Ida Iversen · Sent by letter').waitFor();
      await walk.close();
    });

    it('is entered from a dashboard, a log or a trace: by the id of a trace, signed in or not yet', async () => {
      const telemetry = await startTelemetry({ serviceName: 'console-test' });
      const emailId = await send(PEOPLE.person);
      await until(emailId, 'sent');
      await telemetry.shutdown();
      const { traceId } = (await api(`/v1/emails/${emailId}/trace`)) as unknown as { traceId: string };
      const walk = await newWalk();
      const { page } = walk;
      await page.goto(`${origin()}/console/emails?traceId=${traceId}`);
      await page.getByLabel('Name').fill('demo');
      await page.getByLabel('Password').fill(password);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: '1 email, newest first.' }).waitFor();
      expect(await page.getByLabel('Id, address').inputValue()).toBe(traceId);
      await page.getByRole('row').nth(1).getByRole('link').click();
      await page.getByRole('heading', { name: `Email ${emailId}` }).waitFor();
      // And back.
      const leadsTo = (name: string) => page.getByRole('link', { name }).getAttribute('href');
      expect(await leadsTo(traceId)).toBe(`https://traces.example/trace/${traceId}`);
      expect(await leadsTo('Its lines of the log')).toBe(
        `https://logs.example/?trace=${traceId}&email=${emailId}`,
      );
      await expectWell(walk);
      await page.goto(`${origin()}/console/emails?traceId=${'f'.repeat(32)}`);
      await page.getByRole('status').filter({ hasText: 'There is none.' }).waitFor();
      await walk.close();
    });

    it('leads from what is held for all to what is held for some', async () => {
      const emailId = await send(PEOPLE.person, STRANGER);
      await until(emailId, 'partly-sent');
      const walk = await signedIn();
      const { page } = walk;
      await page.goto(`${origin()}/console/emails`);
      await page.getByLabel('State').selectOption('held, and sent to none of its recipients');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: 'All that wait for a decision' }).click();
      await page.locator(`a[href$="/emails/${emailId}"]`).waitFor();
      expect(await page.locator('select[name=stage]').inputValue()).toBe('decision');
      await expectWell(walk);
      await walk.close();
    });

    it('lets what is held go, to another address, or not at all, by the name of who decides', async () => {
      const [released, rejected] = [await send(STRANGER), await send(STRANGER)];
      for (const emailId of [released, rejected]) await until(emailId, 'held');
      const walk = await signedIn();
      const { page } = walk;
      const link = page.getByRole('link', { name: 'Held' });
      // As if these were the first of many.
      await page.route('**/v1/held', async (route) => {
        const response = await route.fetch();
        const list = (await response.json()) as object;
        await route.fulfill({ response, json: { ...list, next: 'more' } });
      });
      await link.click();
      await page.getByRole('status').filter({ hasText: 'held, newest first; there are more.' }).waitFor();
      await page.unroute('**/v1/held');
      await page.reload();
      await page.getByRole('status').filter({ hasText: 'held, newest first.' }).waitFor();
      await expectWell(walk);
      await walk.shoot('held');
      const open = async (emailId: string) => {
        await page.goto(`${origin()}/console/emails/${emailId}`);
        await page.getByRole('heading', { name: 'Held: decide' }).waitFor();
      };
      await open(rejected);
      await expectWell(walk);
      await walk.shoot('decide');
      await page.getByRole('button', { name: 'Reject' }).click();
      // Nobody decides without a reason.
      expect((await api(`/v1/emails/${rejected}`)).state).toBe('held');
      await page.getByLabel(/^Why/).fill('She moved\nto Aarhus');
      await page.getByRole('button', { name: 'Reject' }).click();
      await until(rejected, 'not-sent');
      await page.getByRole('status').filter({ hasText: 'Rejected: its sender is told.' }).waitFor();
      await page.getByText('Olga Operator · She moved to Aarhus').waitFor();
      await open(released);
      await page.getByLabel(/^Address of r1/).fill('no address');
      await page.getByLabel(/^Why/).fill('Mistyped');
      await page.getByRole('button', { name: 'Release' }).click();
      await page.getByRole('alert').filter({ hasText: 'Address of r1: ' }).waitFor();
      await page.getByRole('checkbox', { name: /^r1/ }).uncheck();
      await page.getByRole('button', { name: 'Release' }).click();
      await page.getByRole('alert').filter({ hasText: 'Tick at least one recipient' }).waitFor();
      await page.getByRole('checkbox', { name: /^r1/ }).check();
      // Nobody gets it by the address of before because there is none.
      await page.getByLabel(/^Address of r1/).fill('');
      await page.getByRole('button', { name: 'Release' }).click();
      await page.getByRole('alert').filter({ hasText: 'Say an address for r1' }).waitFor();
      await page.getByLabel(/^Address of r1/).fill(PEOPLE.person);
      await page.getByRole('button', { name: 'Release' }).click();
      await until(released, 'sent');
      await page.getByText('Olga Operator · Mistyped').waitFor();
      await page.locator('.facts .state.sent').waitFor();
      expect(await page.getByRole('button', { name: 'Release' }).count()).toBe(0);
      await walk.close();
    });

    it('finds what came meanwhile, and goes on where the gateway was away for a moment', async () => {
      const walk = await startWalk(browser, origin(), DESK);
      const { page } = walk;
      let refusals = 2;
      await page.route('**/console/v1/live?*', async (route) => {
        refusals -= 1;
        if (refusals < 0) await route.fallback();
        else await route.fulfill({ status: 503, body: '{}' });
      });
      await page.goto(`${origin()}/console/`);
      await page.getByLabel('Name').fill('demo');
      await page.getByLabel('Password').fill(password);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'Nothing comes by itself now' }).waitFor();
      await page.getByRole('img', { name: /^Throughput/ }).waitFor();
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      await page.getByRole('link', { name: 'Emails', exact: true }).click();
      const sought = page.getByLabel(/^Id, address/);
      await sought.fill('late@citizen.example');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'There is none.' }).waitFor();
      await until(await send('late@citizen.example'), 'held');
      const found = page.getByRole('status').filter({ hasText: '1 email' });
      while (!(await found.isVisible())) {
        await sought.press('Enter');
        await sleep(500);
      }
      await walk.close();
    });

    it('says within seconds where nothing can be looked up, and leads to all that is not finished', async () => {
      const walk = await signedIn();
      const { page } = walk;
      const standing = (hasText: RegExp) => page.getByRole('status').filter({ hasText }).waitFor();
      await standing(/^Live/);
      const pool = createPool({ url: world.settings.database.url, schema: 'receipts', max: 1 });
      await pool.query('alter table console_sessions rename to console_sessions_away');
      try {
        await standing(/^Standing still/);
      } finally {
        await pool.query('alter table console_sessions_away rename to console_sessions');
        await pool.end();
      }
      await standing(/^Live/);
      const emailId = await send(STRANGER);
      await until(emailId, 'held');
      await page.getByRole('link', { name: 'Unfinished emails, the oldest first' }).click();
      await standing(/oldest first/);
      expect(await page.getByLabel('State').inputValue()).toBe('unfinished');
      while ((await page.locator(`a[href$="${emailId}"]`).count()) === 0)
        await page.getByRole('button', { name: 'Show newer ones' }).click();
      await page.goto(`${origin()}/console/emails?until=9999-12-31T23:59`);
      await standing(/newest first/);
      // What was refused meanwhile stands among the faults of the walk.
      await page.context().close();
    });

    it('says of an email whose first event it could not deal with where that waits', async () => {
      const pool = createPool({ url: world.settings.database.url, schema: 'receipts', max: 1 });
      const emailId = newEmailId();
      const event = { id: newEventId(), emailId, name: 'EmailAccepted', tenantId: 'demo' };
      await pool.query(
        `insert into dead_letters (event_id, email_id, event_name, source, arrival, status, reason, attempts,
           first_failed_at, last_failed_at, next_attempt_at)
         values ($1, $2, $3, 'intake', $4, 'parked', 'Error 53100 at receipts', 10, now(), now(), now())`,
        [event.id, emailId, event.name, JSON.stringify({ kind: 'event', event })],
      );
      const walk = await signedIn();
      const { page } = walk;
      await page.getByRole('link', { name: 'Emails', exact: true }).click();
      await page.getByLabel(/^Id, address/).fill(emailId);
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'its EmailAccepted waits as dead letter' }).waitFor();
      await page.getByRole('main').getByRole('link', { name: 'Dead letters' }).click();
      await page.getByText('Error 53100 at receipts').waitFor();
      await pool.query('delete from dead_letters where email_id = $1', [emailId]);
      await pool.end();
      await walk.close();
    });

    it('says of an email that a service has set aside, whatever its state says', async () => {
      const emailId = await send(STRANGER);
      await until(emailId, 'held');
      const event = { id: newEventId(), emailId, name: 'EmailAccepted', tenantId: 'demo' };
      const pool = createPool({ url: world.settings.database.url, schema: 'crypto', max: 1 });
      await pool.query(
        `insert into dead_letters (event_id, email_id, event_name, source, arrival, status, reason, attempts,
           first_failed_at, last_failed_at, next_attempt_at)
         values ($1, $2, $3, 'intake', $4, 'parked', 'Error 53100 at crypto', 10, now(), now(), now())`,
        [event.id, emailId, event.name, JSON.stringify({ kind: 'event', event })],
      );
      const walk = await signedIn();
      const { page } = walk;
      await page.goto(`${origin()}/console/emails/${emailId}`);
      const alert = page
        .getByRole('alert')
        .filter({ hasText: /its EmailAccepted waits as dead letter \d+ of crypto/ });
      await alert.waitFor();
      await expectWell(walk);
      await pool.query('delete from dead_letters where email_id = $1', [emailId]);
      await alert.waitFor({ state: 'detached' });
      await pool.end();
      await walk.close();
    });

    it('leads back from later dead letters to the first ones', async () => {
      const pool = createPool({ url: world.settings.database.url, schema: 'receipts', max: 1 });
      const emailId = newEmailId();
      const event = { id: newEventId(), emailId, name: 'EmailAccepted', tenantId: 'demo' };
      await pool.query(
        `insert into dead_letters (event_id, email_id, event_name, source, arrival, status, reason, attempts,
           first_failed_at, last_failed_at, next_attempt_at)
         select gen_random_uuid(), $1, $2, 'intake', $3, 'parked', case when n <= 50 then 'an early one' else 'a late one' end,
           10, now(), now(), now() from generate_series(1, 51) n`,
        [emailId, event.name, JSON.stringify({ kind: 'event', event })],
      );
      const walk = await signedIn();
      const { page } = walk;
      const receipts = page.getByRole('region', { name: 'receipts' });
      await page.getByRole('link', { name: 'Dead letters' }).click();
      await receipts.getByText('an early one').first().waitFor();
      await receipts.getByRole('button', { name: 'Later ones' }).click();
      await receipts.getByText('a late one').waitFor();
      await pool.query(`delete from dead_letters where reason = 'a late one'`);
      await receipts.getByText('None from here on.').waitFor();
      await receipts.getByRole('button', { name: 'The first ones' }).click();
      await receipts.getByText('an early one').first().waitFor();
      await pool.query(`delete from dead_letters where reason = 'an early one'`);
      await receipts.getByText('None.').waitFor();
      await pool.end();
      await walk.close();
    });

    it('has dead letters tried again', async () => {
      const pool = createPool({ url: world.settings.database.url, schema: 'receipts', max: 1 });
      const emailId = await send(PEOPLE.person);
      const id = newEventId();
      const event = {
        ...{ id, emailId, name: 'DeadlineMissed', version: 1, source: 'receipts', tenantId: 'demo' },
        ...{ time: new Date().toISOString(), sequence: 99, traceparent: null, personal: null },
        data: { deadlineAt: new Date().toISOString(), recipientIds: ['r1'] },
      };
      await pool.query(
        `insert into dead_letters (event_id, email_id, event_name, source, arrival, status, reason, attempts,
           first_failed_at, last_failed_at, next_attempt_at)
         values ($1, $2, $3, 'receipts', $4, 'parked', 'Error 53100 at receipts', 10, now(), now(), now())`,
        [id, emailId, event.name, JSON.stringify({ kind: 'event', event })],
      );
      const walk = await signedIn();
      const { page } = walk;
      await page.getByRole('link', { name: 'Dead letters' }).click();
      await page.getByText('Error 53100 at receipts').waitFor();
      await expectWell(walk);
      await walk.shoot('dead-letters');
      await page.getByLabel(/^Why it will go now/).fill('The disk has room again');
      await page.keyboard.press('Enter');
      // The keyboard goes on from there.
      await page
        .locator('[role="status"]:focus')
        .filter({ hasText: /^Replay of \d+ was taken/ })
        .waitFor();
      await page.getByText('Error 53100 at receipts').waitFor({ state: 'detached' });
      const { rows } = await pool.query(
        `select from events where name = 'DeadLetterReplayed' and data -> 'replayed' ->> 'eventId' = $1`,
        [id],
      );
      expect(rows).toHaveLength(1);
      await pool.end();
      await walk.close();
    });

    it('shows certificates by which nobody is reached soon, or any more', async () => {
      const authority = await createCertificateAuthority({ name: 'Somebody' });
      const { certificatePem } = await authority.issuePerson({ email: 'una@else.example', name: 'Una' });
      const soon = {
        notBefore: new Date(Date.now() - 86_400_000),
        notAfter: new Date(Date.now() + 86_400_000),
      };
      const sooner = await authority.issuePerson({ email: 'zoe@else.example', name: 'Zoe', validity: soon });
      for (const pem of [certificatePem, sooner.certificatePem])
        await api('/v1/admin/certificates?reason=test', pem, 'application/x-pem-file');
      const walk = await signedIn();
      const { page } = walk;
      await page.getByRole('link', { name: 'Certificates' }).click();
      await page.getByRole('heading', { name: 'Own keys that want a successor' }).waitFor();
      await page.getByRole('status').filter({ hasText: 'None.' }).waitFor();
      await page.getByLabel('untrusted').check();
      await page.getByRole('rowheader', { name: 'una@else.example' }).waitFor();
      const names = await page.getByRole('rowheader').allTextContents();
      expect(names.filter((name) => name.endsWith('@else.example'))).toEqual([
        'zoe@else.example',
        'una@else.example',
      ]);
      await expectWell(walk);
      await walk.shoot('certificates');
      await walk.close();
    });

    it('fits a narrow window on every page, and the dark', async () => {
      const emailId = await send(PEOPLE.person);
      await until(emailId, 'sent');
      const walk = await signedIn(NARROW);
      const { page } = walk;
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const path of ['', 'emails', `emails/${emailId}`, 'held', 'dead-letters', 'certificates']) {
        await page.goto(`${origin()}/console/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('load');
        await sleep(300);
        await expectWell(walk);
      }
      await walk.close();
    });

    it('goes on where a token ran out meanwhile, and ends where the session did', async () => {
      const walk = await signedIn();
      const { page } = walk;
      let refused = 0;
      await page.route('**/v1/emails?*', async (route) => {
        refused += 1;
        if (refused > 1) await route.fallback();
        else
          await route.fallback({ headers: { ...route.request().headers(), authorization: 'Bearer a.b.c' } });
      });
      await page.getByRole('link', { name: 'Emails', exact: true }).click();
      await page.getByRole('status').filter({ hasText: 'newest first' }).waitFor();
      expect(refused).toBe(2);
      const pool = createPool({ url: world.settings.database.url, schema: 'receipts', max: 1 });
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
      await pool.query('delete from console_sessions');
      await pool.end();
      await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
      expect(await page.content()).not.toContain(PEOPLE.person);
      await walk.close();
    });

    it('leaves nothing of one for another who signs in in the same browser', async () => {
      const walk = await signedIn();
      const { page } = walk;
      await page.getByRole('link', { name: 'Emails', exact: true }).click();
      await page.getByLabel(/^Id, address/).fill(PEOPLE.person);
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'newest first' }).waitFor();
      // In another tab.
      const other = await page.context().newPage();
      await other.goto(`${origin()}/console/`);
      await other.getByRole('button', { name: 'Sign out' }).click();
      await other.getByLabel('Name').fill('demo');
      await other.getByLabel('Password').fill(password);
      await other.keyboard.press('Enter');
      await other.getByRole('heading', { name: 'Overview' }).waitFor();
      await other.close();
      // Whoever comes back to the first.
      await page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Emails' }).waitFor();
      expect(await page.getByLabel(/^Id, address/).inputValue()).toBe('');
      await walk.close();
    });

    it('says clearly that an id is nobody’s, and what can’t be looked for', async () => {
      const walk = await signedIn();
      const { page } = walk;
      for (const id of [newEmailId(), 'what']) {
        await page.goto(`${origin()}/console/emails/${id}`);
        await page
          .getByRole('alert')
          .filter({ hasText: 'No email of your organisation has this id' })
          .waitFor();
      }
      await page.goto(`${origin()}/console/emails`);
      await page.getByLabel(/^Id, address/).fill('no @ address');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: 'is an address, or "@" and a domain' }).waitFor();
      await page.goto(`${origin()}/console/emails?since=275760-09-14T00:00`);
      await page.getByRole('alert').filter({ hasText: 'is a time with its zone' }).waitFor();
      await page.goto(`${origin()}/console/nowhere`);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await walk.close();
    });
  });
}
