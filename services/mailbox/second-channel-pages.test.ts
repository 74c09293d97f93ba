// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumIsThere, freePort, missing, startChromium } from '@securemail/testing';
import { MAIL } from './testing/mails.ts';
import { isWell } from './testing/page-world.ts';
import { BO, KIM, openMailboxWorld, type Browser, type MailboxWorld } from './testing/running-mailbox.ts';
import { smsGateway } from './testing/sms-gateway.ts';
import { startWalk } from '@securemail/testing/browser';

const NUMBER = '+4512345678';
let folder: string;
let world: MailboxWorld;
let gateway: Awaited<ReturnType<typeof smsGateway>>;
let running: { url: string; close(): Promise<void> };
let origin: string;
let mailbox: object;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'second-channel-'));
  const numbersFile = join(folder, 'numbers.csv');
  await writeFile(numbersFile, `address,number\n${BO},+45 12 34 56 78\n`);
  world = await openMailboxWorld();
  gateway = await smsGateway();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  mailbox = {
    url: origin,
    secondChannel: {
      numbersFile,
      gateway: {
        url: gateway.url,
        headers: { Authorization: 'Bearer a-secret' },
        body: '{"to":"{number}","text":"{text}"}',
        timeoutSeconds: 1,
      },
    },
    demands: { everyMessage: 'second-channel' },
  };
  running = await world.start({ http: { host: 'localhost', port } }, { mailbox });
});
beforeEach(async () => {
  gateway.behave('takes');
  await world.pool.query('delete from second_channel_codes');
});
afterAll(async () => {
  await running.close();
  await gateway.close();
  await world.close();
  await rm(folder, { recursive: true });
});

let mails = 0;
async function deposited(to = BO) {
  mails += 1;
  const emailId = await world.protectedFor([to], MAIL.replace('case-1@', `second-${mails}@`));
  const [deposit] = await world.deposits(emailId);
  return { messageId: deposit!.data.messageId, link: (await world.notified(emailId)).link };
}
async function signIn(link: string, address = BO): Promise<Browser> {
  const plain = world.browser();
  const browser: Browser = {
    cookies: plain.cookies,
    ask: (method, path, body, headers) => plain.ask(method, path, body, { Origin: origin, ...headers }),
  };
  await world.signIn(browser, link, address);
  return browser;
}
const send = (browser: Browser, messageId: string) =>
  browser.ask('POST', 'proofs/second-channel', { for: { message: messageId }, language: 'da' });
const prove = (browser: Browser, messageId: string, code: string) =>
  browser.ask('POST', 'proofs/second-channel/code', { for: { message: messageId }, code });
const lastCode = () => {
  const { text } = JSON.parse(gateway.posted.at(-1)!.body) as { text: string };
  return /^\d{6}/.exec(text)![0];
};
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const statusOf = async (browser: Browser, messageId: string) =>
  (await browser.ask('GET', `messages/${messageId}`)).status;
const typeOf = ({ body }: { body: Record<string, unknown> }) => body['type'];

describe('a code by text message', () => {
  it('opens the message, in a session with another secret, and those after it, until the session ends', async () => {
    const { messageId, link } = await deposited();
    const browser = await signIn(link);
    const refused = await browser.ask('GET', `messages/${messageId}`);
    expect([refused.status, refused.body['proofs']]).toEqual([403, ['second-channel']]);
    const sent = await send(browser, messageId);
    expect([sent.status, sent.body['sentTo']]).toEqual([202, '•••• 78']);
    expect(sent.octets.toString()).not.toContain(NUMBER);
    const posted = JSON.parse(gateway.posted[0]!.body) as { to: string; text: string };
    expect(posted.to).toBe(NUMBER);
    expect(posted.text).toMatch(
      /^\d{6} er din kode til SecureMailBox hos Demo Kommune\. Giv den aldrig videre\.$/,
    );
    const before = new Map(browser.cookies);
    expect((await prove(browser, messageId, lastCode())).status).toBe(204);
    expect(await statusOf(browser, messageId)).toBe(200);
    expect(await statusOf(browser, (await deposited()).messageId)).toBe(200);
    const old = world.browser();
    for (const [name, value] of before) old.cookies.set(name, value);
    expect(await statusOf(old, messageId)).toBe(401);
    expect((await browser.ask('DELETE', 'sessions/current')).status).toBe(204);
    expect(await statusOf(await signIn(link), messageId)).toBe(403);
  });

  it('neither number nor code is in the database', async () => {
    const { messageId, link } = await deposited();
    await send(await signIn(link), messageId);
    const { rows } = await world.pool.query<{ row: string }>(
      'select row_to_json(c)::text as row from second_channel_codes c',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toMatch(new RegExp(`12345678|${lastCode()}|citizen`));
  });

  it('counts once, five wrong ones end it, and a new one goes on', async () => {
    const { messageId, link } = await deposited();
    const browser = await signIn(link);
    await send(browser, messageId);
    const code = lastCode();
    for (const triesLeft of [4, 3, 2, 1])
      expect((await prove(browser, messageId, otherThan(code))).body).toMatchObject({
        type: '/errors/wrong-code',
        triesLeft,
      });
    expect(typeOf(await prove(browser, messageId, otherThan(code)))).toBe('/errors/sign-in-ended');
    expect(typeOf(await prove(browser, messageId, code))).toBe('/errors/sign-in-ended');
    await send(browser, messageId);
    expect((await prove(browser, messageId, lastCode())).status).toBe(204);
    expect(typeOf(await prove(browser, messageId, lastCode()))).toBe('/errors/sign-in-ended');
  });

  it('counts in the browser and session alone that asked for it, for what it was asked for, and for ten minutes', async () => {
    const [one, other] = [await deposited(), await deposited()];
    const [browser, elsewhere] = [await signIn(one.link), await signIn(one.link)];
    await send(browser, one.messageId);
    const code = lastCode();
    expect(typeOf(await prove(elsewhere, one.messageId, code))).toBe('/errors/sign-in-ended');
    const proof = '__Host-securemail-proof';
    elsewhere.cookies.set(proof, browser.cookies.get(proof)!);
    expect(typeOf(await prove(elsewhere, one.messageId, code))).toBe('/errors/sign-in-ended');
    expect(typeOf(await prove(browser, other.messageId, code))).toBe('/errors/sign-in-ended');
    await world.pool.query(`update second_channel_codes set expires_at = expires_at - interval '10 minutes'`);
    expect(typeOf(await prove(browser, one.messageId, code))).toBe('/errors/sign-in-ended');
    expect(await statusOf(browser, one.messageId)).toBe(403);
  });

  it('is remembered for the browser and session that wait for it, for what it was asked for, while it counts', async () => {
    const [one, other] = [await deposited(), await deposited()];
    const [browser, elsewhere] = [await signIn(one.link), await signIn(one.link)];
    const begun = async (by: Browser, messageId: string) =>
      (await by.ask('GET', `proofs/second-channel/current?message=${messageId}`)).body['begun'];
    expect(await begun(browser, one.messageId)).toBeNull();
    const { body } = await send(browser, one.messageId);
    await prove(browser, one.messageId, otherThan(lastCode()));
    expect(await begun(browser, one.messageId)).toEqual({ triesLeft: 4, expiresAt: body['expiresAt'] });
    expect(await begun(browser, other.messageId)).toBeNull();
    elsewhere.cookies.set('__Host-securemail-proof', browser.cookies.get('__Host-securemail-proof')!);
    expect(await begun(elsewhere, one.messageId)).toBeNull();
    await world.pool.query('update second_channel_codes set tries_left = 0');
    expect(await begun(browser, one.messageId)).toBeNull();
    await world.pool.query('update second_channel_codes set tries_left = 1, expires_at = now()');
    expect(await begun(browser, one.messageId)).toBeNull();
    expect((await browser.ask('GET', 'proofs/second-channel/current')).status).toBe(422);
    const nobody = await world.browser().ask('GET', `proofs/second-channel/current?message=${one.messageId}`);
    expect(nobody.status).toBe(401);
  });

  it('of two at once one counts', async () => {
    const { messageId, link } = await deposited();
    const browser = await signIn(link);
    await send(browser, messageId);
    const code = lastCode();
    const both = await Promise.all([prove(browser, messageId, code), prove(browser, messageId, code)]);
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
  });
});

describe('no code is sent', () => {
  it('more than five times an hour for one person from one network; then again', async () => {
    const { messageId, link } = await deposited();
    const browser = await signIn(link);
    for (let sent = 0; sent < 5; sent += 1) expect((await send(browser, messageId)).status).toBe(202);
    expect(typeOf(await send(browser, messageId))).toBe('/errors/too-many-codes');
    expect(gateway.posted).toHaveLength(5);
    await world.pool.query(`update second_channel_codes set created_at = created_at - interval '1 hour'`);
    expect((await send(browser, messageId)).status).toBe(202);
  });

  it('more than twenty times an hour to one number, whoever they are for', async () => {
    const { messageId, link } = await deposited();
    const browser = await signIn(link);
    await send(browser, messageId);
    await world.pool.query(
      `insert into second_channel_codes
        select gen_random_uuid(), sha256(n::text::bytea), session_id, tenant_id, sha256('another'), number, network,
          wanted_for, code, 5, created_at, expires_at
        from second_channel_codes, generate_series(1, 19) as n`,
    );
    expect(typeOf(await send(browser, messageId))).toBe('/errors/too-many-codes');
  });

  it('for others of the network by who has no number, or no code; and a little is left where somebody has used up all', async () => {
    await running.close();
    running = await world.start(
      { http: { host: 'localhost', port: Number(new URL(origin).port) }, limits: { codes: 2, tries: 2 } },
      { mailbox },
    );
    const [one, other] = [await deposited(KIM), await deposited()];
    const [kim, bo] = [await signIn(one.link, KIM), await signIn(other.link)];
    for (let time = 0; time < 15; time += 1) {
      expect(typeOf(await send(kim, one.messageId))).toBe('/errors/number-unknown');
      expect(typeOf(await prove(kim, one.messageId, '000000'))).toBe('/errors/sign-in-ended');
    }
    expect((await send(bo, other.messageId)).status).toBe(202);
    expect(typeOf(await prove(bo, other.messageId, otherThan(lastCode())))).toBe('/errors/wrong-code');
    expect((await prove(bo, other.messageId, lastCode())).status).toBe(204);
    await running.close();
    running = await world.start(
      { http: { host: 'localhost', port: Number(new URL(origin).port) } },
      { mailbox },
    );
  });

  it('to whom no number is known', async () => {
    const { messageId, link } = await deposited(KIM);
    const browser = await signIn(link, KIM);
    const refused = await send(browser, messageId);
    expect([refused.status, typeOf(refused)]).toEqual([409, '/errors/number-unknown']);
    expect(gateway.posted).toEqual([]);
  });

  it('for a message of somebody else, for nobody, or for another site', async () => {
    const [own, others] = [await deposited(), await deposited(KIM)];
    const browser = await signIn(own.link);
    expect(typeOf(await send(browser, others.messageId))).toBe('/errors/mailbox-message-not-found');
    const request = { for: { message: own.messageId }, language: 'da' };
    const nobody = await world.browser().ask('POST', 'proofs/second-channel', request, { Origin: origin });
    expect(nobody.status).toBe(401);
    const crossed = await browser.ask('POST', 'proofs/second-channel', request, {
      'Sec-Fetch-Site': 'cross-site',
    });
    expect(typeOf(crossed)).toBe('/errors/cross-site');
    expect(gateway.posted).toEqual([]);
  });

  it('where the gateway does not take it; that is said', async () => {
    gateway.behave('fails');
    const { messageId, link } = await deposited();
    const failed = await send(await signIn(link), messageId);
    expect([failed.status, typeOf(failed)]).toEqual([503, '/errors/second-channel-unavailable']);
    expect(failed.octets.toString()).not.toMatch(/12345678|127\.0\.0\.1/);
  });
});

it('a list of numbers that can not be understood keeps the service from starting, and says where', async () => {
  const numbersFile = join(folder, 'wrong.csv');
  await writeFile(numbersFile, 'address,number\nbo@citizen.example,nothing\n');
  const wrong = {
    ...mailbox,
    secondChannel: { ...(mailbox as { secondChannel: object }).secondChannel, numbersFile },
  };
  await expect(world.start({}, { mailbox: wrong })).rejects.toThrow(
    /list of mobile numbers .*wrong\.csv can not be understood: line 2 is not/,
  );
});

if (chromiumIsThere()) {
  const WORDS = [
    [
      'en',
      'A protected message',
      'Send a code as a text message',
      'The code in the text message',
      'Show the message',
      'has noted no mobile number',
      'Send another text message',
      'could not be sent',
    ],
    [
      'da',
      'En beskyttet besked',
      'Send en kode som sms',
      'Koden i sms’en',
      'Vis beskeden',
      'har ikke noteret noget mobilnummer',
      'Send en ny sms',
      'kunne ikke sendes',
    ],
    [
      'de',
      'Eine geschützte Nachricht',
      'Code als SMS senden',
      'Der Code in der SMS',
      'Nachricht anzeigen',
      'keine Mobilnummer notiert',
      'Noch eine SMS senden',
      'konnte nicht gesendet',
    ],
  ] as const;
  it.each(WORDS)(
    'in a browser at 320 pixels, by the keyboard alone, in the language %s',
    async (locale, title, button, label, show, unknown, again, notSent) => {
      const chromium = await startChromium();
      const walk = await startWalk(chromium, origin, { locale, width: 320, height: 740 });
      const { page } = walk;
      const signInThere = async (address: string, link: string) => {
        const post = (path: string, body: object) =>
          page.evaluate(
            ([url, json]) =>
              fetch(url!, {
                method: 'POST',
                body: json!,
                headers: { 'Content-Type': 'application/json' },
              }).then(({ status }) => status),
            [`${origin}/mailbox/v1/${path}`, JSON.stringify(body)],
          );
        await page.goto(`${origin}/mailbox/m/${link}`);
        const before = (await world.codesTo(address, 0)).length;
        expect(await post('sign-ins', { link })).toBe(202);
        expect(await post('sign-ins/code', { code: (await world.codesTo(address, before + 1)).at(-1) })).toBe(
          200,
        );
      };
      const own = await deposited();
      await signInThere(BO, own.link);
      await page.goto(`${origin}/mailbox/messages/${own.messageId}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await isWell(walk);
      await page.getByRole('button', { name: button }).press('Enter');
      const field = page.getByLabel(label);
      await field.waitFor();
      await page.getByText('•••• 78').waitFor();
      await isWell(walk, `demanded-text-message-phone-${locale}`);
      await page.keyboard.type(otherThan(lastCode()));
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: '4' }).first().waitFor();
      await isWell(walk);
      // A phone's browser may let go of the page while its reader looks at the text message.
      await page.reload();
      await field.waitFor();
      expect(await walk.focused()).toBe(title);
      await isWell(walk, `demanded-text-message-again-phone-${locale}`);
      const code = lastCode();
      gateway.behave('fails');
      await page.getByRole('button', { name: again }).press('Enter');
      await page.getByRole('alert').filter({ hasText: notSent }).waitFor();
      await field.fill(code);
      await page.getByRole('button', { name: show }).press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Afgørelse i din sag' }).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/mailbox/messages/${own.messageId}`);
      expect(await walk.focused()).toBe('Afgørelse i din sag');
      gateway.behave('takes');
      const others = await deposited(KIM);
      await page.context().clearCookies();
      await signInThere(KIM, others.link);
      await page.goto(`${origin}/mailbox/messages/${others.messageId}`);
      await page.getByRole('button', { name: button }).press('Enter');
      await page.getByRole('alert').filter({ hasText: unknown }).waitFor();
      await isWell(walk, `demanded-no-number-phone-${locale}`);
      await walk.close();
      await chromium.close();
    },
  );
  it('what was begun to answer a message that is gone is shown once more is proven, and goes on as a letter', async () => {
    await running.close();
    running = await world.start(
      { http: { host: 'localhost', port: Number(new URL(origin).port) } },
      { mailbox, contacts: { general: { name: 'Everything else', address: 'post@demo.example' } } },
    );
    const own = await deposited();
    const writer = await signIn(own.link);
    await send(writer, own.messageId);
    await prove(writer, own.messageId, lastCode());
    const { body } = await writer.ask('PUT', `messages/${own.messageId}/draft`, {});
    await writer.ask('PUT', `messages/${own.messageId}/draft`, {
      draftId: body['draftId'],
      text: 'Jeg er ikke enig.',
    });
    await world.pool.query('update messages set withdrawn_at = now() where message_id = $1', [own.messageId]);
    const chromium = await startChromium();
    const walk = await startWalk(chromium, origin, { locale: 'en', width: 320, height: 740 });
    const { page } = walk;
    const comeBack = async () => {
      const browser = await signIn((await deposited()).link);
      await page.context().clearCookies();
      await page.context().addCookies(
        [...browser.cookies].map(([name, value]) => ({
          ...{ name, value, url: origin.replace('http:', 'https:') },
          ...{ secure: true, httpOnly: true, sameSite: 'Strict' as const },
        })),
      );
    };
    const proveThere = async () => {
      await page.getByRole('button', { name: 'Send a code as a text message' }).press('Enter');
      await page.getByText('•••• 78').waitFor();
      await page.getByLabel('The code in the text message').fill(lastCode());
      await page.keyboard.press('Enter');
    };
    await comeBack();
    await page.goto(`${origin}/mailbox/messages/${own.messageId}`);
    await page.getByRole('heading', { level: 1, name: 'The message is gone' }).waitFor();
    await page.getByText('especially protects what you began to answer').waitFor();
    await isWell(walk);
    await proveThere();
    const text = page.getByRole('textbox', { name: 'The answer that you had begun' });
    await text.waitFor();
    expect(await text.inputValue()).toBe('Jeg er ikke enig.');
    await isWell(walk);
    await page.getByRole('button', { name: 'Go on with it as a new message' }).press('Enter');
    await page.getByLabel('Your message').waitFor({ state: 'attached' });
    // Also before anybody is chosen whom it is for.
    await page.getByRole('button', { name: 'Throw it away' }).waitFor();
    await comeBack();
    await page.goto(`${origin}/mailbox/write`);
    await page.getByText('especially protects what you began to answer').waitFor();
    expect(await page.getByText('Jeg er ikke enig.').count()).toBe(0);
    // Also by who has the telephone no more.
    await page.getByRole('button', { name: 'Throw it away' }).waitFor();
    await isWell(walk);
    await proveThere();
    await page.getByLabel('Your message').waitFor({ state: 'attached' });
    expect(await page.getByLabel('Your message').inputValue()).toBe('Jeg er ikke enig.');
    await page.getByRole('button', { name: 'Throw it away' }).press('Enter');
    await page.getByRole('button', { name: 'Throw it away for good' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Your messages' }).waitFor();
    const { rows } = await world.pool.query('select from drafts');
    expect(rows).toHaveLength(0);
    await walk.close();
    await chromium.close();
  });
} else missing('Chromium', 'apt-get install chromium');
