// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const BO = 'bo@citizen.example';
const PROTECTED = ['ProtectionPlanned', 'EmailProtected'];

/** A fresh world, in which nothing runs yet. */
async function inWorld(test: (world: CryptoWorld) => Promise<void>): Promise<void> {
  const world = await openCryptoWorld();
  try {
    await test(world);
  } finally {
    await world.close();
  }
}

const namesOf = async (world: CryptoWorld, emailId: EmailId) =>
  (await world.events(emailId)).map(({ name }) => name);
/** But for those of what is being handled, which go a moment after its effect is there. */
const deadLetters = async (world: CryptoWorld) => {
  for (;;) {
    const { rows } = await world.pool.query<{ status: string; reason: string }>(
      'select status, reason from dead_letters',
    );
    if (rows.every(({ reason }) => reason !== 'is being handled')) return rows;
    await sleep(20);
  }
};

describe('an acceptance', () => {
  it('of an email that was erased meanwhile comes to nothing', () =>
    inWorld(async (world) => {
      const emailId = await world.accept({ to: [BO] });
      await world.vault.erase(emailId);
      const running = await world.start();
      await world.handled(emailId);
      expect(await world.events(emailId)).toEqual([]);
      expect(await world.contents(emailId)).toBe(0);
      expect(await deadLetters(world)).toEqual([]);
      await running.close();
    }));

  it('that is delivered again changes nothing', () =>
    inWorld(async (world) => {
      const emailId = await world.accept({ to: [BO, 'nobody@nowhere.example'] });
      const first = await world.start();
      const before = await world.outcome(emailId);
      await world.handled(emailId);
      await first.close();
      await world.pool.query('delete from checkpoints');
      const later = await world.accept({ to: [BO] });
      const second = await world.start();
      await world.outcome(later);
      for (;;) {
        const { rowCount } = await world.pool.query('select from checkpoints');
        if (rowCount! > 0) break;
        await sleep(20);
      }
      expect(await world.events(emailId)).toEqual(before);
      expect(await world.contents(emailId)).toBe(2);
      expect(await deadLetters(world)).toEqual([]);
      await second.close();
    }));

  it('has one effect, however many replicas run', () =>
    inWorld(async (world) => {
      const replicas = await Promise.all([world.start(), world.start(), world.start()]);
      const emailIds = await Promise.all(Array.from({ length: 20 }, () => world.accept({ to: [BO] })));
      await Promise.all(emailIds.map((emailId) => world.handled(emailId)));
      for (const emailId of emailIds) expect(await namesOf(world, emailId)).toEqual(PROTECTED);
      await Promise.all(replicas.map((each) => each.close()));
    }));
});

describe('while the database is not there', () => {
  it('for the content alone, the email waits as one to be tried again, and is protected afterwards', () =>
    inWorld(async (world) => {
      const emailId = await world.accept({ to: [BO] });
      const release = await world.lock('vault.chunks');
      const running = await world.start();
      await world.somebodyWaitsFor('vault.chunks');
      await world.cutThoseWhoWaitFor('vault.chunks');
      for (; (await deadLetters(world)).length === 0;) await sleep(20);
      expect(await deadLetters(world)).toMatchObject([{ status: 'retrying' }]);
      expect(await world.events(emailId)).toEqual([]);
      await release();
      await world.handled(emailId);
      expect(await namesOf(world, emailId)).toEqual(PROTECTED);
      // The letter goes a moment after what it was tried for is done.
      while ((await deadLetters(world)).length > 0) await sleep(20);
      await running.close();
    }));

  it.each([
    ['the original is read', 'vault.chunks'],
    ['what was made is recorded', 'crypto.events'],
  ])('as %s, the email waits, and is protected afterwards instead of held', (_, table) =>
    inWorld(async (world) => {
      const emailId = await world.accept({ to: [BO] });
      await world.lock(table);
      const running = await world.start();
      await world.somebodyWaitsFor(table);
      const openDatabase = await world.shutDatabase();
      await expect(world.events(emailId)).rejects.toThrow();
      await openDatabase();
      await world.outcome(emailId);
      await world.handled(emailId);
      expect(await namesOf(world, emailId)).toEqual(PROTECTED);
      await running.close();
    }),
  );

  it('in the middle of many emails, none is lost, none is held, and none is protected twice', () =>
    inWorld(async (world) => {
      const running = await world.start();
      const emailIds = await Promise.all(Array.from({ length: 20 }, () => world.accept({ to: [BO] })));
      await (
        await world.shutDatabase()
      )();
      for (const emailId of emailIds) {
        await world.outcome(emailId);
        await world.handled(emailId);
        expect(await namesOf(world, emailId)).toEqual(PROTECTED);
      }
      await running.close();
    }));
});
