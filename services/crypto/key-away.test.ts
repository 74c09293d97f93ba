// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { Address, type EmailId } from '@securemail/contracts';
import { openOutside, startOnPlatform, startService } from '@securemail/service';
import {
  encryptEntity,
  entityOf,
  KeyUnavailableError,
  revocationChecker,
  type Signer,
  type Unwrapper,
} from '@securemail/smime';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCertificateFolder } from './adapters/certificate-folder.ts';
import type { Directory } from './domain/directory.ts';
import { ProtectionHandler } from './protection.handler.ts';
import {
  CRYPTO_SETTINGS,
  DIRECTORY,
  FORWARDINGS,
  LDAP,
  REVOCATION,
  SMIMEA,
  TLS_POLICIES,
  type Settings,
} from './settings.ts';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const BO = 'bo@citizen.example';

let world: CryptoWorld;
beforeAll(async () => {
  world = await openCryptoWorld();
});
afterAll(() => world.close());

/** Crypto, with keys that lie elsewhere. */
const startWith = (settings: Settings, directory: Directory) =>
  startOnPlatform({ service: 'crypto', settings }, (platform) =>
    startService(platform, {
      http: undefined,
      controllers: [ProtectionHandler],
      providers: [
        { provide: CRYPTO_SETTINGS, useValue: settings.crypto },
        { provide: DIRECTORY, useValue: () => directory },
        { provide: LDAP, useValue: null },
        { provide: SMIMEA, useValue: null },
        { provide: TLS_POLICIES, useValue: openOutside(settings.outside).policies },
        { provide: REVOCATION, useValue: revocationChecker() },
        { provide: FORWARDINGS, useValue: { of: () => Promise.resolve(() => false) } },
      ],
    }),
  );

it('while the key that signs is away an email waits, is held for nobody and never parked, and is protected afterwards', async () => {
  let away = true;
  const inToken = (signer: Signer): Signer => ({
    ...signer,
    sign: (bytes) =>
      away ? Promise.reject(new KeyUnavailableError('the token was pulled out')) : signer.sign(bytes),
  });
  const withToken = (directory: Directory): Directory => ({
    ...directory,
    signerFor: (address, at) => {
      const found = directory.signerFor(address, at);
      return found && { ...found, signer: inToken(found.signer) };
    },
    including: (stored) => withToken(directory.including(stored)),
  });
  const folder = await readCertificateFolder(world.cast.folder);
  const running = await startWith(world.settings(), withToken(folder));
  const emailId = await world.accept({ to: [BO, 'desk@hospital.example'] });
  const letters = async () =>
    (await world.pool.query<{ status: string; reason: string }>('select status, reason from dead_letters'))
      .rows;
  // Written down before it is handled, and said of it then that it is.
  for (; (await letters()).every(({ reason }) => reason === 'is being handled');) await sleep(20);
  expect(await letters()).toEqual([
    {
      status: 'retrying',
      reason: 'AwayError: a key can not be asked (KeyUnavailableError)',
    },
  ]);
  expect(await world.events(emailId)).toEqual([]);
  // As if it had been away for long: a fault that is no one's absence would be parked at its next try.
  await world.pool.query('update dead_letters set attempts = 15, next_attempt_at = now()');
  for (; (await triesOf(world)) > 8;) await sleep(20);
  expect(await letters()).toMatchObject([{ status: 'retrying' }]);
  away = false;
  await tryNow();
  await world.handled(emailId);
  expect((await world.events(emailId)).map(({ name }) => name)).toEqual([
    'ProtectionPlanned',
    'EmailProtected',
    'EmailProtected',
  ]);
  for (; (await letters()).length > 0;) await sleep(20);
  await running.close();
});

const pulledOut = () => Promise.reject(new KeyUnavailableError('the token was pulled out'));

/** Lets it be tried some times. */
async function triedInVain(emailId: EmailId): Promise<void> {
  for (let tries = 1; tries <= 3; tries += 1) {
    await tryNow();
    while (!(await isPutOff(tries))) await sleep(20);
    // What was accepted, and nothing of what was made of it.
    expect(await world.contents(emailId)).toBe(1);
  }
}

const tryNow = () => world.pool.query('update dead_letters set next_attempt_at = now() where endings = 0');

/** Puts the next try off, where none is under way: meanwhile nothing is stored. */
async function isPutOff(tries: number): Promise<boolean> {
  const { rowCount } = await world.pool.query(
    `update dead_letters set next_attempt_at = now() + interval '1 hour'
      where attempts >= $1 and endings = 0`,
    [tries],
  );
  return rowCount === 1;
}

it('an email of which one message can be made and another can not leaves nothing in the vault, however often it is tried', async () => {
  let away = true;
  const folder = await readCertificateFolder(world.cast.folder);
  const withToken = (directory: Directory): Directory => ({
    ...directory,
    signerFor: (address, at) => {
      const found = directory.signerFor(address, at);
      if (found === null) return null;
      const sign = (bytes: Buffer) => (away ? pulledOut() : found.signer.sign(bytes));
      return { ...found, signer: { ...found.signer, sign } };
    },
    including: (more) => withToken(directory.including(more)),
  });
  const running = await startWith(world.settings(), withToken(folder));
  const emailId = await world.accept({ to: [BO, 'ulla@demo.example'] });
  await triedInVain(emailId);
  away = false;
  await tryNow();
  await world.handled(emailId);
  expect(await world.contents(emailId)).toBe(3);
  await running.close();
});

it('nor does one that came for two people, of whom the key of one is there and that of the other is not', async () => {
  let away = true;
  const folder = await readCertificateFolder(world.cast.folder);
  const [hers, ours] = ['anna@demo.example', 'ulla@demo.example'].map(
    (address) => folder.unwrappersFor(Address.parse(address), ['demo.example'])[0]!,
  ) as [Unwrapper, Unwrapper];
  const inToken: Unwrapper = {
    ...ours,
    decrypt: (...of) => (away ? pulledOut() : ours.decrypt(...of)),
  };
  const withToken = (directory: Directory): Directory => ({
    ...directory,
    unwrappersFor: (address) => [address === 'anna@demo.example' ? hers : inToken],
    including: (more) => withToken(directory.including(more)),
  });
  const running = await startWith(world.settings(), withToken(folder));
  const letter = entityOf(Buffer.from('Content-Type: text/plain\r\n\r\nHello\r\n'));
  const encrypted = await encryptEntity(letter, [hers.certificate, ours.certificate]);
  const message = `From: ${BO}\r\nMIME-Version: 1.0\r\n${(await buffer(encrypted.open())).toString('latin1')}`;
  const emailId = await world.accept({
    from: BO,
    to: ['anna@demo.example', 'ulla@demo.example'],
    inbound: {},
    message,
  });
  await triedInVain(emailId);
  away = false;
  await tryNow();
  await world.handled(emailId);
  expect((await world.events(emailId)).map(({ name }) => name)).toEqual(['EmailOpened', 'EmailOpened']);
  // Of each reader, what was decrypted and what he gets.
  expect(await world.contents(emailId)).toBe(5);
  await running.close();
});

async function triesOf({ pool }: CryptoWorld): Promise<number> {
  const { rows } = await pool.query<{ attempts: number }>('select attempts from dead_letters');
  return rows[0]?.attempts ?? 0;
}
