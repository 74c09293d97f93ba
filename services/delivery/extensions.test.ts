// SPDX-License-Identifier: Apache-2.0
import { inWorld, LONG } from './testing/in-world.ts';

const BO = 'bo@citizen.example';
const UTF8 = 'søren@citizen.example';
const INSIDER = 'ulla@demo.example';
/** The octets outside ASCII come late, so that a look at the beginning would miss them. */
const LATE_8BIT = `${LONG}æ\r\n`;

describe('a mail larger than the server takes', () => {
  it('comes back at once, and not an octet of it is sent to find out', () =>
    inWorld({ announces: { size: 1_000 } }, async (world) => {
      const { data } = await world.event(await world.protect([BO], 'smime-personal', LONG), 'Bounced');
      expect(data).toMatchObject({ phase: 'mail-from', reply: null, failure: 'too-large-for-server' });
      expect(await world.jobs()).toBe(0);
      await world.event(await world.protect([BO]), 'Delivered');
    }));
});

describe('mail that is not 7-bit', () => {
  it('is announced as such to a server that takes it', () =>
    inWorld({}, async (world) => {
      await world.event(await world.protect([INSIDER], 'internal', LATE_8BIT), 'Delivered');
      const [mail] = world.own.received();
      expect(mail?.parameters).toEqual({ body: '8bitmime', smtpUtf8: false });
      expect(mail?.content.toString()).toBe(LATE_8BIT);
    }));

  it('comes back where the server does not take it, for it may be signed and is not converted', () =>
    inWorld({ announces: { without: ['8BITMIME'] } }, async (world) => {
      const { data } = await world.event(await world.protect([INSIDER], 'internal', LATE_8BIT), 'Bounced');
      expect(data).toMatchObject({ phase: 'mail-from', reply: null, failure: '8bit-not-supported' });
      expect(world.own.counted().mails).toBe(0);
      await world.event(await world.protect([INSIDER], 'internal', LONG), 'Delivered');
    }));

  it('is not looked for in what is signed or encrypted, which is 7-bit by construction', () =>
    inWorld({}, async (world) => {
      await world.event(await world.protect([BO], 'smime-personal', LONG), 'Delivered');
      expect(world.outside.received()[0]?.parameters.body).toBe('7bit');
    }));

  it('and can not be read waits until it can', () =>
    inWorld({ announces: { without: ['8BITMIME'] }, delivery: { retrySeconds: [5] } }, async (world) => {
      world.own.misbehave({ phase: 'ehlo', action: { delay: 500 }, times: 2 });
      const emailId = await world.protect([INSIDER], 'internal', LONG);
      await world.pool.query('update vault.chunks set data = set_byte(data, 20, get_byte(data, 20) # 1)');
      const { data } = await world.event(emailId, 'Deferred');
      expect(data).toMatchObject({ phase: 'content', failure: 'content-unreadable' });
      expect(world.own.counted().mails).toBe(0);
    }));
});

describe('an address outside ASCII', () => {
  it('is announced to a server that takes such', () =>
    inWorld({}, async (world) => {
      await world.event(await world.protect([UTF8]), 'Delivered');
      const [mail] = world.outside.received();
      expect(mail).toMatchObject({ rcptTo: [UTF8], parameters: { smtpUtf8: true } });
    }));

  it('comes back where the server does not, and the others are sent to', () =>
    inWorld({ announces: { without: ['SMTPUTF8'] } }, async (world) => {
      const emailId = await world.protect([UTF8, BO]);
      expect((await world.event(emailId, 'Delivered')).data.recipientIds).toEqual(['r2']);
      expect((await world.event(emailId, 'Bounced')).data).toMatchObject({
        recipientIds: ['r1'],
        failure: 'smtputf8-not-supported',
      });
      expect(world.outside.received()[0]).toMatchObject({ rcptTo: [BO], parameters: { smtpUtf8: false } });
    }));
});
