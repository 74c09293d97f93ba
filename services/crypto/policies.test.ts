// SPDX-License-Identifier: Apache-2.0
import { TenantId } from '@securemail/contracts';
import { appendChange, type Tree } from '@securemail/policy';
import { findHeld } from './adapters/held-emails.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
let crypto: { close(): Promise<void> };
beforeAll(async () => {
  world = await openCryptoWorld();
  crypto = await world.start();
});
afterAll(async () => {
  await crypto.close();
  await world.close();
});

const DEMO = TenantId.parse('demo');
let version = 0;
const set = (patches: Record<string, Tree>) =>
  appendChange(world.pool, DEMO, {
    version: (version += 1),
    at: new Date(),
    by: 'Ida',
    keyId: null,
    reason: 'tried',
    patches,
  });
const methodFor = async (from: string) => {
  const events = await world.outcome(await world.accept({ from, to: ['bo@citizen.example'] }));
  return named(events, 'ProtectionPlanned')[0]?.data.recipients[0]?.method;
};

it('a person’s settings change what is planned for that person, within seconds and without a restart', async () => {
  expect(await methodFor('anna@demo.example')).toBe('smime-personal');
  await set({ 'people/anna@demo.example': { forbiddenMethods: ['smime-personal'] } });
  const begun = Date.now();
  while ((await methodFor('Anna@demo.example')) === 'smime-personal')
    if (Date.now() - begun > 60_000) throw new Error('the change was never seen');
  expect(await methodFor('carl@demo.example')).toBe('smime-personal');
});

it('whoever forbids SecureMailBox, too, has nothing left for whom nothing else reaches', async () => {
  await set({ 'people/carl@demo.example': { forbiddenMethods: ['mailbox'] } });
  await crypto.close();
  crypto = await world.start();
  const reason = async (from: string) => {
    const events = await world.outcome(await world.accept({ from, to: ['nobody@nowhere.example'] }));
    return named(events, 'EmailHeld').map(({ data }) => data.because);
  };
  expect(await reason('anna@demo.example')).toEqual(['mailbox-not-available']);
  expect(await reason('carl@demo.example')).toEqual(['no-secure-method']);
});

it('how long held mail is kept is as the sender’s domain has it', async () => {
  await set({ 'domains/demo.example': { holding: { endAfterDays: 30 } } });
  await crypto.close();
  crypto = await world.start();
  const emailId = await world.accept({ to: ['nobody@nowhere.example'] });
  const events = await world.outcome(emailId);
  const held = await findHeld(world.pool, emailId, DEMO);
  expect(held?.endsAt.getTime()).toBe((held?.heldSince.getTime() ?? 0) + 30 * 24 * 3_600_000);
  // Whatever the settings will say: this is when it ends, and what its sender is told.
  expect(named(events, 'EmailHeld').map(({ data }) => data.endsAt)).toEqual([held?.endsAt.toISOString()]);
});
