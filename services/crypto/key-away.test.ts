// SPDX-License-Identifier: Apache-2.0
import { openOutside, startOnPlatform, startService } from '@securemail/service';
import { KeyUnavailableError, revocationChecker, type Signer } from '@securemail/smime';
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
  await world.pool.query('update dead_letters set next_attempt_at = now()');
  await world.handled(emailId);
  expect((await world.events(emailId)).map(({ name }) => name)).toEqual([
    'ProtectionPlanned',
    'EmailProtected',
    'EmailProtected',
  ]);
  for (; (await letters()).length > 0;) await sleep(20);
  await running.close();
});

async function triesOf({ pool }: CryptoWorld): Promise<number> {
  const { rows } = await pool.query<{ attempts: number }>('select attempts from dead_letters');
  return rows[0]?.attempts ?? 0;
}
