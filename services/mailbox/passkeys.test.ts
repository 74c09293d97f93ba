// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { tidy } from './housekeeping.ts';
import { Settings } from './settings.ts';
import { authenticator, type Lies } from './testing/authenticator.ts';
import { MAIL } from './testing/mails.ts';
import {
  BO,
  KIM,
  openMailboxWorld,
  SITE,
  type Browser,
  type MailboxWorld,
} from './testing/running-mailbox.ts';

const HONEST = { origin: SITE, rpId: 'post.demo.example' };
const REFUSED = [422, '/errors/passkey-refused'];

let world: MailboxWorld;
let running: { close(): Promise<void> };
let link: string;
let linkOfKim: string;
beforeAll(async () => {
  world = await openMailboxWorld();
  running = await world.start();
  ({ link } = await world.notified(await world.protectedFor([BO], MAIL)));
  ({ link: linkOfKim } = await world.notified(await world.protectedFor([KIM], MAIL)));
});
afterEach(async () => {
  for (const table of ['sign_ins', 'credentials', 'sessions']) await world.pool.query(`delete from ${table}`);
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const signedIn = async (by = link, address = BO) => {
  const browser = world.browser();
  await world.signIn(browser, by, address);
  return browser;
};
const outcome = ({ status, body }: Awaited<ReturnType<Browser['ask']>>) => [status, body['type']];

async function askToAdd(browser: Browser): Promise<string> {
  const { status, body } = await browser.ask('POST', 'credentials/passkeys/options', {});
  expect(status).toBe(200);
  expect(body).toMatchObject({
    rp: { id: 'post.demo.example' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return body['challenge'] as string;
}
const sendNew = (browser: Browser, answer: object, name = 'Telephone') =>
  browser.ask('POST', 'credentials/passkeys', { answer, name, language: 'en' });

async function withPasskey(by = link, address = BO) {
  const browser = await signedIn(by, address);
  const device = authenticator(HONEST);
  const added = await sendNew(browser, device.add(await askToAdd(browser)));
  expect(added.status).toBe(201);
  return { browser, device, credentialId: added.body['credentialId'] as EmailId };
}

async function asked(where: object = { link }, browser = world.browser()) {
  const { status, body } = await browser.ask('POST', 'sign-ins/passkey/options', where);
  expect(status).toBe(200);
  return { browser, challenge: body['challenge'] as string };
}
const prove = (browser: Browser, answer: object) => browser.ask('POST', 'sign-ins/passkey', { answer });

describe('who has added a passkey', () => {
  it('signs in with it at a link, without a code, and reads what the link leads to', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked();
    const { status, body } = await prove(browser, device.answer(challenge));
    expect(status).toBe(200);
    const read = await browser.ask('GET', `messages/${body['messageId'] as string}`);
    expect(read.body['subject']).toBe('Afgørelse i din sag');
  });

  it('signs in with it at the page of the organisation, and may write from the address that was proven', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked({ organisation: 'demo' });
    expect((await prove(browser, device.answer(challenge))).body['messageId']).toBeNull();
    expect((await browser.ask('GET', 'sessions/current')).body['address']).toBe(BO);
  });

  it('sees it by its name, and when it was used', async () => {
    const { browser, device, credentialId } = await withPasskey();
    const listed = async () => (await browser.ask('GET', 'credentials')).body;
    expect(await listed()).toMatchObject({
      mayAdd: true,
      credentials: [{ credentialId, kind: 'passkey', name: 'Telephone', usedAt: null }],
    });
    const other = await asked();
    await prove(other.browser, device.answer(other.challenge));
    expect(await listed()).toMatchObject({ credentials: [{ usedAt: expect.any(String) }] });
  });

  it('is told so by mail, and when it is taken away', async () => {
    const { browser, credentialId } = await withPasskey();
    expect((await world.noticesTo(BO)).at(-1)).toContain('A passkey was added');
    await browser.ask('DELETE', `credentials/${credentialId}?language=da`);
    expect((await world.noticesTo(BO)).at(-1)).toContain('er fjernet');
  });

  it('has its history: who reads the events alone learns neither address nor name', async () => {
    const { browser, credentialId } = await withPasskey();
    await browser.ask('DELETE', `credentials/${credentialId}?language=en`);
    expect((await world.events(credentialId)).map(({ name, data }) => [name, data])).toEqual([
      ['MailboxCredentialAdded', { kind: 'passkey', addedAt: expect.any(String) }],
      ['MailboxCredentialRemoved', { kind: 'passkey', removedAt: expect.any(String), because: 'owner' }],
    ]);
    for (const table of ['events', 'credentials']) {
      const { rows } = await world.pool.query<{ row: string }>(`select t::text as row from ${table} t`);
      for (const { row } of rows) expect(row).not.toMatch(/Telephone|citizen\.example/);
    }
  });

  it('signs in by a code all the same', async () => {
    await withPasskey();
    await signedIn();
  });
});

describe('a passkey that was taken away', () => {
  it('opens nothing any more, and what it had opened elsewhere is closed', async () => {
    const { browser, device, credentialId } = await withPasskey();
    const lost = await asked();
    await prove(lost.browser, device.answer(lost.challenge));
    expect((await lost.browser.ask('GET', 'sessions/current')).status).toBe(200);
    expect((await browser.ask('DELETE', `credentials/${credentialId}?language=en`)).status).toBe(204);
    expect((await lost.browser.ask('GET', 'sessions/current')).status).toBe(401);
    expect((await browser.ask('GET', 'sessions/current')).status).toBe(200);
    const later = await asked();
    expect(outcome(await prove(later.browser, device.answer(later.challenge)))).toEqual(REFUSED);
  });

  it('is taken away by nobody else, and once', async () => {
    const { browser, credentialId } = await withPasskey();
    const kim = await signedIn(linkOfKim, KIM);
    const path = `credentials/${credentialId}?language=en`;
    expect((await kim.ask('DELETE', path)).status).toBe(404);
    expect((await world.browser().ask('DELETE', path)).status).toBe(401);
    const both = await Promise.all([browser.ask('DELETE', path), browser.ask('DELETE', path)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([204, 404]);
  });
});

describe('an answer that is not one to this question', () => {
  it.each<[string, Lies]>([
    ['for another site', { origin: 'https://post.demo.example.evil.example' }],
    ['for the same host on another port', { origin: `${SITE}:8443` }],
    ['under another name of the site', { rpId: 'other.example' }],
    ['by a device that was not unlocked', { userVerified: false }],
    ['to another question', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['that was to add one', { type: 'webauthn.create' }],
    ['with a count that does not go on, as a copy has it', { counter: 1 }],
  ])('%s signs nobody in', async (_, lies) => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked();
    expect(outcome(await prove(browser, device.answer(challenge, lies)))).toEqual(REFUSED);
    expect((await browser.ask('GET', 'sessions/current')).status).toBe(401);
  });

  it.each<[string, Lies]>([
    ['for another site', { origin: 'https://evil.example' }],
    ['under another name of the site', { rpId: 'evil.example' }],
    ['by a device that was not unlocked', { userVerified: false }],
    ['to another question', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['that was to sign in', { type: 'webauthn.get' }],
  ])('%s adds nothing', async (_, lies) => {
    const browser = await signedIn();
    const challenge = await askToAdd(browser);
    expect(outcome(await sendNew(browser, authenticator(HONEST).add(challenge, lies)))).toEqual(REFUSED);
    expect((await browser.ask('GET', 'credentials')).body['credentials']).toEqual([]);
  });

  it('counts once: sent again it signs nobody in', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked();
    const token = browser.cookies.get('__Host-securemail-passkey')!;
    const answer = device.answer(challenge);
    const both = await Promise.all([prove(browser, answer), prove(browser, answer)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    const thief = world.browser();
    thief.cookies.set('__Host-securemail-passkey', token);
    expect(outcome(await prove(thief, answer))).toEqual(REFUSED);
  });

  it('in another browser than the one that asked signs nobody in', async () => {
    const { device } = await withPasskey();
    const { challenge } = await asked();
    const other = await asked();
    expect(outcome(await prove(other.browser, device.answer(challenge)))).toEqual(REFUSED);
    expect(outcome(await prove(world.browser(), device.answer(challenge)))).toEqual(REFUSED);
  });

  it('after its time signs nobody in', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked();
    await world.pool.query(`update passkey_challenges set expires_at = now() - interval '1 second'`);
    expect(outcome(await prove(browser, device.answer(challenge)))).toEqual(REFUSED);
  });

  it('by a key that answers in the name of another passkey signs nobody in', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked();
    const { id } = device.answer('x');
    expect(outcome(await prove(browser, authenticator(HONEST).answer(challenge, { id })))).toEqual(REFUSED);
  });
});

describe('nobody gets in by the passkey of', () => {
  it('somebody else, at a link that was passed on', async () => {
    const { device } = await withPasskey(linkOfKim, KIM);
    const { browser, challenge } = await asked({ link });
    expect(outcome(await prove(browser, device.answer(challenge)))).toEqual(REFUSED);
  });

  it('somebody at another organisation', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked({ organisation: 'other' });
    expect(outcome(await prove(browser, device.answer(challenge)))).toEqual(REFUSED);
  });

  it('nobody: known and unknown are answered alike', async () => {
    const { browser, challenge } = await asked();
    expect(outcome(await prove(browser, authenticator(HONEST).answer(challenge)))).toEqual(REFUSED);
  });
});

describe('a passkey is added', () => {
  it('by who has just signed in, and not in a browser that was left open', async () => {
    const browser = await signedIn();
    await world.pool.query(`update sessions set began_at = now() - interval '11 minutes'`);
    expect((await browser.ask('GET', 'credentials')).body['mayAdd']).toBe(false);
    expect(outcome(await browser.ask('POST', 'credentials/passkeys/options', {}))).toEqual([
      403,
      '/errors/sign-in-anew',
    ]);
  });

  it('and not by who has signed in by a passkey: only a code shows that the address is still his', async () => {
    const { device } = await withPasskey();
    const { browser, challenge } = await asked();
    await prove(browser, device.answer(challenge));
    expect((await browser.ask('GET', 'credentials')).body['mayAdd']).toBe(false);
    const { body } = await browser.ask('POST', 'credentials/passkeys/options', {});
    expect(body['type']).toBe('/errors/sign-in-anew');
  });

  it('to who asked for it, whoever is signed in by then', async () => {
    const browser = await signedIn();
    const challenge = await askToAdd(browser);
    await world.signIn(browser, linkOfKim, KIM);
    expect(outcome(await sendNew(browser, authenticator(HONEST).add(challenge)))).toEqual(REFUSED);
  });

  it('once: a device that names the passkey of another gets none', async () => {
    const { device } = await withPasskey();
    const kim = await signedIn(linkOfKim, KIM);
    const { id } = device.answer('x');
    const challenge = await askToAdd(kim);
    expect(outcome(await sendNew(kim, authenticator(HONEST).add(challenge, { id })))).toEqual(REFUSED);
    const { browser, challenge: again } = await asked();
    expect((await prove(browser, device.answer(again))).status).toBe(200);
  });

  it('ten times at most', async () => {
    const { browser } = await withPasskey();
    for (let count = 1; count < 10; count += 1)
      await sendNew(browser, authenticator(HONEST).add(await askToAdd(browser)));
    expect(outcome(await browser.ask('POST', 'credentials/passkeys/options', {}))).toEqual([
      409,
      '/errors/too-many-passkeys',
    ]);
  });

  it.each(['', '  ', 'a\nb', 'x'.repeat(61)])('under a name, which is none: "%s"', async (name) => {
    const browser = await signedIn();
    const answer = authenticator(HONEST).add(await askToAdd(browser));
    expect(outcome(await sendNew(browser, answer, name))).toEqual([422, '/errors/invalid-request']);
  });

  it('by no other site', async () => {
    const browser = await signedIn();
    const evil = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    for (const path of ['credentials/passkeys/options', 'credentials/passkeys', 'sign-ins/passkey/options'])
      expect((await browser.ask('POST', path, {}, evil)).body['type']).toBe('/errors/cross-site');
  });
});

describe('of who has nothing left to read', () => {
  const tidyNow = async () => {
    const { pool, vault, store } = world;
    await tidy({ pool, vault, store }, Settings.shape.mailbox.parse(undefined), new Date());
  };
  const keyOf = async (credentialId: string) => {
    const { rows } = await world.pool.query<{ wrapped: Buffer | null }>(
      'select wrapped from vault.data_keys where email_id = $1',
      [credentialId],
    );
    return rows[0]?.wrapped;
  };

  it('no passkey is kept, nor what names him', async () => {
    const own = await world.notified(await world.protectedFor(['la@citizen.example'], MAIL));
    const { credentialId } = await withPasskey(own.link, 'la@citizen.example' as typeof BO);
    await world.pool.query(`update credentials set added_at = now() - interval '25 hours'`);
    await tidyNow();
    expect(await keyOf(credentialId)).toEqual(expect.any(Buffer));
    await world.pool.query(
      `update messages set ends_at = now() - interval '1 second' where link = sha256($1)`,
      [Buffer.from(own.link)],
    );
    await tidyNow();
    expect(await keyOf(credentialId)).toBeNull();
    expect((await world.pool.query('select 1 from credentials')).rows).toEqual([]);
    expect((await world.events(credentialId)).at(-1)).toMatchObject({
      name: 'MailboxCredentialRemoved',
      data: { because: 'nothing-kept' },
    });
  });

  it('neither of one that was taken away, though much is left to read', async () => {
    const { browser, credentialId } = await withPasskey();
    await browser.ask('DELETE', `credentials/${credentialId}?language=en`);
    await tidyNow();
    expect(await keyOf(credentialId)).toBeNull();
    expect((await world.pool.query('select 1 from credentials')).rows).toEqual([]);
  });
});
