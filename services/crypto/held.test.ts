// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let world: CryptoWorld;
let running: { close(): Promise<void> };
beforeAll(async () => {
  world = await openCryptoWorld();
  running = await world.start();
});
afterAll(async () => {
  await running.close();
  await world.close();
});

const BO = 'bo@citizen.example';

/** What was appended, in short; and that nothing more than the accepted content lies in the vault. */
async function heldOf(emailId: EmailId) {
  const events = await world.outcome(emailId);
  expect(await world.contents(emailId)).toBeLessThanOrEqual(1);
  return {
    names: events.map(({ name }) => name),
    held: named(events, 'EmailHeld').map(({ data }) => data),
    planned: named(events, 'ProtectionPlanned')[0]!.data,
  };
}

describe('a recipient to whom nothing safe leads is held, and told why', () => {
  it.each([
    ['certificate-expired', 'expired@citizen.example'],
    ['certificate-not-yet-valid', 'not-yet-valid@citizen.example'],
    ['certificate-untrusted', 'untrusted@citizen.example'],
    ['certificate-unsuitable', 'sign-only@citizen.example'],
    ['certificate-expired', 'desk@lapsed.example'],
    ['certificate-unsuitable', 'desk@misnamed.example'],
    ['mailbox-not-available', 'nobody@nowhere.example'],
    ['mailbox-not-available', 'below@ward.hospital.example'],
  ])('%s: %s', async (because, address) => {
    const { names, held, planned } = await heldOf(await world.accept({ to: [address] }));
    expect(names).toEqual(['ProtectionPlanned', 'EmailHeld']);
    expect(held).toMatchObject([{ recipientIds: ['r1'], because }]);
    expect(planned.messages).toEqual([]);
    expect(planned.recipients[0]!.method).toBeNull();
  });

  it.each([
    ['no-signing-key', 'a@keyless.example', BO],
    ['mailbox-not-available', 'a@no-personal.example', BO],
    ['mailbox-not-available', 'a@no-domain.example', 'desk@hospital.example'],
    ['certificate-expired', 'a@no-domain.example', 'doctor@hospital.example'],
  ])('%s: from %s to %s', async (because, from, address) => {
    const { names, held } = await heldOf(await world.accept({ from, to: [address] }));
    expect(names).toEqual(['ProtectionPlanned', 'EmailHeld']);
    expect(held).toMatchObject([{ recipientIds: ['r1'], because }]);
  });

  it('while the others get theirs', async () => {
    const events = await world.outcome(
      await world.accept({ to: ['nobody@nowhere.example', BO, 'expired@citizen.example'] }),
    );
    expect(named(events, 'EmailProtected').map(({ data }) => data.recipientIds)).toEqual([['r2']]);
    expect(named(events, 'EmailHeld').map(({ data }) => data)).toMatchObject([
      { recipientIds: ['r1'], because: 'mailbox-not-available' },
      { recipientIds: ['r3'], because: 'certificate-expired' },
    ]);
  });
});

describe('a message that can not be read', () => {
  const MADE = ['ProtectionPlanned', 'ProtectionFailed', 'EmailHeld'];

  it.each([
    ['has no header', '\r\njust text\r\n'],
    ['is empty', ''],
    ['has a field that is none', 'From: anna@demo.example\r\nno field\r\n\r\nbody\r\n'],
    ['has a NUL in its header', 'From: anna@demo.example\r\nSubject: a\0b\r\n\r\nbody\r\n'],
    ['ends within its header', 'From: anna@demo.example\r\nSubj'],
  ])('because it %s: is held, and nothing of it leaves', async (_, message) => {
    const { names, held } = await heldOf(await world.accept({ to: [BO], message }));
    expect(names).toEqual(MADE);
    expect(held).toMatchObject([{ recipientIds: ['r1'], because: 'protection-failed' }]);
  });

  it('is held for each recipient to whom a message of their own was to go', async () => {
    const { names, held } = await heldOf(
      await world.accept({ to: [BO, 'desk@hospital.example'], bcc: ['kim@citizen.example'], message: '' }),
    );
    expect(names.filter((name) => name === 'ProtectionFailed')).toHaveLength(3);
    expect(names).not.toContain('EmailProtected');
    expect(held.flatMap(({ recipientIds }) => recipientIds).toSorted()).toEqual(['r1', 'r2', 'r3']);
  });

  it.each([
    ['because its content is gone from the vault', 'delete from vault.contents where content_id = $1'],
    [
      'because its content was changed in the vault',
      `update vault.chunks set data = set_byte(data, 5, get_byte(data, 5) # 1) where content_id = $1`,
    ],
    [
      'because part of its content is missing in the vault',
      'delete from vault.chunks where content_id = $1 and index = 1',
    ],
  ])('%s: is held as unreadable', async (_, sql) => {
    const message = `From: anna@demo.example\r\n\r\n${`${'x'.repeat(998)}\r\n`.repeat(600)}`;
    const emailId = await world.accept({ to: [BO], message }, async ({ contentId }) => {
      const { rowCount } = await world.pool.query(sql, [contentId]);
      expect(rowCount).toBeGreaterThan(0);
    });
    const { names, held } = await heldOf(emailId);
    expect(names).toEqual(MADE);
    expect(held).toMatchObject([{ recipientIds: ['r1'], because: 'content-unreadable' }]);
  });
});
