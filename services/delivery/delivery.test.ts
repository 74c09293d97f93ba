// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryInUse, type Phase } from '@securemail/testing';
import { inWorld, LONG, namesOf } from './testing/in-world.ts';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

const BO = 'bo@citizen.example';
const KIM = 'kim@citizen.example';
const UNTIL_THE_DOT: Phase[] = ['connect', 'greeting', 'ehlo', 'mail-from', 'rcpt-to', 'data', 'content'];

describe('handing over', () => {
  it('records the attempt first, gives the bytes as they are, and says what came back', () =>
    inWorld({}, async (world) => {
      const emailId = await world.protect([BO, KIM]);
      const delivered = await world.event(emailId, 'Delivered');
      expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'Delivered']);
      expect(delivered.data).toMatchObject({
        protectedMessageId: 'm1',
        recipientIds: ['r1', 'r2'],
        reply: { code: 250 },
        tls: { protocol: 'TLSv1.3', verified: false },
      });
      expect(delivered.personal?.nextHop).toBe(`127.0.0.1:${world.outside.port}`);
      const [started] = await world.events(emailId);
      expect(started).toMatchObject({
        personal: { nextHop: `127.0.0.1:${world.outside.port}` },
        data: { ordinal: 1 },
      });
      const [mail] = world.outside.received();
      expect(mail).toMatchObject({ mailFrom: 'anna@demo.example', rcptTo: [BO, KIM] });
      expect(mail!.content.toString()).toBe(
        'Message-ID: <1@demo.example>\r\nSubject: protected\r\n\r\n.dots\r\n..and 8-bit: æ\r\n',
      );
      expect(await world.jobs()).toBe(0);
    }));

  it('streams a large message: it needs the memory of a small one', () =>
    inWorld(
      { holdOutside: false, delivery: { replyTimeoutSeconds: 60, leaseSeconds: 60 } },
      async (world) => {
        const large = `Subject: large\r\n\r\n${`${'x'.repeat(900)}\r\n`.repeat(30_000)}`;
        const emailId = await world.protect([BO], 'smime-personal', large);
        const before = memoryInUse();
        let peak = 0;
        for (; world.outside.counted().mails === 0;) {
          peak = Math.max(peak, memoryInUse());
          await sleep(100);
        }
        await world.event(emailId, 'Delivered');
        expect(world.outside.counted().octets).toBe(Buffer.byteLength(large));
        expect(peak - before).toBeLessThan(16 * 1024 * 1024);
      },
    ));

  it('sends to each domain on its own, and in clear only what needs no TLS of its own', () =>
    inWorld({ outsideTls: false }, async (world) => {
      const emailId = await world.protect([BO, 'desk@hospital.example']);
      for (; world.outside.received().length < 2;) await sleep(20);
      expect(
        world.outside
          .received()
          .map(({ rcptTo }) => rcptTo)
          .toSorted(),
      ).toEqual([[BO], ['desk@hospital.example']]);
      expect((await world.event(emailId, 'Delivered')).data.tls).toBeNull();
    }));

  it('brings a receipt to the tenant’s own server over verified TLS, with a null return path', () =>
    inWorld({}, async (world) => {
      const emailId = await world.issueReceipt('anna@demo.example');
      const { data } = await world.event(emailId, 'Delivered');
      expect(data).toMatchObject({
        protectedMessageId: 'receipt',
        recipientIds: ['sender'],
        tls: { verified: true },
      });
      expect(world.own.received()).toMatchObject([{ mailFrom: '', rcptTo: ['anna@demo.example'] }]);
    }));

  it.each(['wrong-name', 'expired', 'stranger', 'none'] as const)(
    'never gives internal mail to a server whose TLS is not what it should be: %s',
    (ownTls) =>
      inWorld({ ownTls }, async (world) => {
        const emailId = await world.protect(['ulla@demo.example'], 'internal');
        const { data } = await world.event(emailId, 'Deferred');
        expect(data.failure).toMatch(/^tls-/);
        expect(data.phase).toBe('tls');
        expect(world.own.counted().mails).toBe(0);
        expect(world.outside.counted().mails).toBe(0);
      }),
  );

  it('settles each recipient by its own answer', () =>
    inWorld({}, async (world) => {
      world.outside.misbehave({
        phase: 'rcpt-to',
        recipient: KIM,
        action: { reply: '550 5.1.1 No such user' },
      });
      const emailId = await world.protect([BO, KIM]);
      expect((await world.event(emailId, 'Delivered')).data.recipientIds).toEqual(['r1']);
      const bounced = await world.event(emailId, 'Bounced');
      expect(bounced.data).toMatchObject({
        recipientIds: ['r2'],
        phase: 'rcpt-to',
        reply: { code: 550, enhancedCode: '5.1.1' },
      });
      expect(bounced.personal?.replyText).toContain('No such user');
      expect(await world.jobs()).toBe(0);
    }));
});

describe('a connection that is still open', () => {
  const connections = (world: DeliveryWorld) =>
    new Set(world.outside.received().map(({ connectionId }) => connectionId)).size;

  it('carries the next mail to the same server', () =>
    inWorld({}, async (world) => {
      for (let mail = 0; mail < 3; mail += 1) {
        await world.event(await world.protect([BO]), 'Delivered');
      }
      expect(world.outside.counted().mails).toBe(3);
      expect(connections(world)).toBe(1);
    }));

  it('is not kept where the settings say so', () =>
    inWorld({ delivery: { idleConnectionSeconds: 0 } }, async (world) => {
      for (let mail = 0; mail < 3; mail += 1) {
        await world.event(await world.protect([BO]), 'Delivered');
      }
      expect(connections(world)).toBe(3);
    }));

  it('is never shared by mail that needs verified TLS and mail that does not', () => {
    const delivery = ({ own }: DeliveryWorld) => ({
      outside: { routes: [{ domain: '*', host: '127.0.0.1', port: own.port }] },
    });
    return inWorld({ ownTls: 'stranger', delivery }, async (world) => {
      await world.event(await world.protect([BO]), 'Delivered');
      const { data } = await world.event(await world.protect(['ulla@demo.example'], 'internal'), 'Deferred');
      expect(data.failure).toBe('tls-not-verified');
      expect(world.own.counted().mails).toBe(1);
    });
  });

  it.each(['drop', { reply: '421 4.3.2 Closing' }] as const)(
    'and was ended by the server meanwhile (%j) is replaced at once: nobody waits, nothing arrives twice',
    (action) =>
      inWorld({}, async (world) => {
        await world.event(await world.protect([BO]), 'Delivered');
        world.outside.misbehave({ phase: 'mail-from', action, times: 1 });
        const emailId = await world.protect([BO]);
        await world.event(emailId, 'Delivered');
        expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'Delivered']);
        expect(world.outside.counted().mails).toBe(2);
        expect(connections(world)).toBe(2);
      }),
  );

  it('and ends after the final dot leaves the outcome unknown, as any other', () =>
    inWorld({}, async (world) => {
      await world.event(await world.protect([BO]), 'Delivered');
      world.outside.misbehave({ phase: 'final-dot', action: 'drop', keeps: true, times: 1 });
      const emailId = await world.protect([BO]);
      await world.event(emailId, 'Delivered');
      expect(await namesOf(world, emailId)).toContain('OutcomeUnknown');
    }));

  it('ends where a mail was refused, for the state of the dialogue is then uncertain', () =>
    inWorld({}, async (world) => {
      await world.event(await world.protect([BO]), 'Delivered');
      world.outside.misbehave({ phase: 'rcpt-to', action: { reply: '550 5.1.1 No such user' }, times: 1 });
      await world.event(await world.protect([BO]), 'Bounced');
      await world.event(await world.protect([BO]), 'Delivered');
      expect(connections(world)).toBe(2);
    }));
});

describe('an answer that is no yes', () => {
  it.each(['mail-from', 'rcpt-to', 'data', 'final-dot'] as const)('5xx at %s is for good', (phase) =>
    inWorld({}, async (world) => {
      world.outside.misbehave({ phase, action: { reply: '554 5.7.0 No' } });
      const emailId = await world.protect([BO]);
      const { data } = await world.event(emailId, 'Bounced');
      expect(data).toMatchObject({ phase, reply: { code: 554, enhancedCode: '5.7.0' }, failure: null });
      expect(await world.jobs()).toBe(0);
    }),
  );

  it.each(['mail-from', 'rcpt-to', 'data', 'final-dot'] as const)(
    '4xx at %s is for later, and then it goes',
    (phase) =>
      inWorld({}, async (world) => {
        world.outside.misbehave({ phase, action: { reply: '451 4.3.0 Later' }, times: 1 });
        const emailId = await world.protect([BO]);
        const { data } = await world.event(emailId, 'Deferred');
        expect(data).toMatchObject({ phase, reply: { code: 451, enhancedCode: '4.3.0' } });
        await world.event(emailId, 'Delivered');
        expect(await namesOf(world, emailId)).toEqual([
          'DeliveryAttemptStarted',
          'Deferred',
          'DeliveryAttemptStarted',
          'Delivered',
        ]);
        expect(world.outside.counted().mails).toBe(1);
      }),
  );
});

describe('a connection that dies', () => {
  it.each(UNTIL_THE_DOT)('at %s: certainly not sent, and sent again', (phase) =>
    inWorld({}, async (world) => {
      world.outside.misbehave({ phase, action: 'drop', times: 1 });
      const emailId = await world.protect([BO], 'smime-personal', LONG);
      const { data } = await world.event(emailId, 'Deferred');
      expect(data.reply).toBeNull();
      expect(data.failure).not.toBeNull();
      await world.event(emailId, 'Delivered');
      expect(await namesOf(world, emailId)).not.toContain('OutcomeUnknown');
      expect(world.outside.counted().mails).toBe(1);
    }),
  );

  it.each([
    ['drop', true],
    ['drop', false],
    ['hang', true],
  ] as const)(
    'after the final dot (%s, mail kept: %s): unknown, said so, and sent again with the same Message-ID',
    (action, keeps) =>
      inWorld({}, async (world) => {
        world.outside.misbehave({ phase: 'final-dot', action, keeps, times: 1 });
        const emailId = await world.protect([BO]);
        await world.event(emailId, 'Delivered');
        expect(await namesOf(world, emailId)).toEqual([
          'DeliveryAttemptStarted',
          'OutcomeUnknown',
          'DeliveryAttemptStarted',
          'Delivered',
        ]);
        const arrived = world.outside.received();
        expect(arrived).toHaveLength(keeps ? 2 : 1);
        expect(new Set(arrived.map(({ content }) => content.toString())).size).toBe(1);
      }),
  );

  it('after the final dot, where the tenant wants a person to decide: held, and never sent again', () =>
    inWorld({ whenOutcomeUnknown: 'hold' }, async (world) => {
      world.outside.misbehave({ phase: 'final-dot', action: 'drop', keeps: false, times: 1 });
      const emailId = await world.protect([BO]);
      expect((await world.event(emailId, 'OutcomeUnknown')).data).toMatchObject({
        next: 'hold',
        nextAttemptAt: null,
      });
      await sleep(700);
      expect(await namesOf(world, emailId)).toEqual(['DeliveryAttemptStarted', 'OutcomeUnknown']);
      expect(await world.jobs()).toBe(0);
    }));
});

describe('when it can not be sent', () => {
  it('gives up at the set end, after at least one attempt, and says so', () =>
    inWorld({ delivery: { giveUpAfterHours: 0.5 / 3600 } }, async (world) => {
      world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' } });
      const emailId = await world.protect([BO]);
      const { data } = await world.event(emailId, 'DeliveryExpired');
      expect(data.attempts).toBeGreaterThanOrEqual(1);
      expect(await world.jobs()).toBe(0);
    }));

  it('withholds the final dot where the stored content turns out damaged, at its very end', async () => {
    const world = await openDeliveryWorld();
    const emailId = await world.protect([BO], 'smime-personal', LONG);
    const { rowCount } = await world.pool.query(
      `update vault.chunks set data = set_byte(data, 20, get_byte(data, 20) # 1)
       where (content_id, index) in (select content_id, chunks - 1 from vault.contents where email_id = $1)`,
      [emailId],
    );
    expect(rowCount).toBe(1);
    const running = await world.start();
    const { data } = await world.event(emailId, 'Deferred');
    expect(data).toMatchObject({ phase: 'content', reply: null, failure: 'content-unreadable' });
    expect(await namesOf(world, emailId)).not.toContain('OutcomeUnknown');
    expect(world.outside.counted().mails).toBe(0);
    await running.close();
    await world.close();
  });

  it('waits, and says so, while the authorities of its own mail server can not be read; and does not start without', async () => {
    const world = await openDeliveryWorld();
    const running = await world.start();
    await world.hideAuthorities();
    const emailId = await world.protect(['ulla@demo.example'], 'internal');
    const { data } = await world.event(emailId, 'Deferred');
    expect(data).toMatchObject({ phase: 'routing', failure: 'authorities-unreadable' });
    expect(world.own.counted().mails).toBe(0);
    await running.close();
    await expect(world.start()).rejects.toThrow('caFile');
    await world.close();
  });

  it('does not start without the authorities of a partner, and says whose', async () => {
    const world = await openDeliveryWorld();
    const partner = {
      domain: 'partner.example',
      tlsNames: ['mx.partner.example'],
      caFile: '/nowhere/ca.pem',
    };
    await expect(world.start({ tenant: { partners: [partner] } })).rejects.toThrow(
      /caFile of the partner partner\.example of tenant demo can not be read: \/nowhere\/ca\.pem/,
    );
    await world.close();
  });

  it.each([
    ['its own mail server', 'a mail server of tenant demo', 'mailServers'],
    ['a partner', 'the partner partner.example of tenant demo', 'partners'],
    ['everybody outside', 'outside.caFile', 'outside'],
    ['a resolver', 'outside.dns.servers.caFile', 'dns'],
  ])('does not start where the file of the authorities of %s is empty', async (_, named, setting) => {
    const world = await openDeliveryWorld();
    const caFile = '/dev/null';
    const overrides = {
      mailServers: { tenant: { mailServers: [{ host: 'mail.demo.example', caFile }] } },
      partners: {
        tenant: { partners: [{ domain: 'partner.example', tlsNames: ['mx.partner.example'], caFile }] },
      },
      outside: { outside: { caFile } },
      dns: { outside: { dns: { servers: [{ address: '127.0.0.1', tlsName: 'dns.example', caFile }] } } },
    }[setting];
    await expect(world.start(overrides)).rejects.toThrow(
      new RegExp(`${named} has no certificate in it: /dev/null`),
    );
    await world.close();
  });

  it('sends nothing of an email that was erased meanwhile', () =>
    inWorld({}, async (world) => {
      world.outside.misbehave({ phase: 'mail-from', action: { reply: '451 4.3.0 Later' }, times: 1 });
      const emailId = await world.protect([BO]);
      await world.event(emailId, 'Deferred');
      await world.vault.erase(emailId);
      for (; (await world.jobs()) > 0;) await sleep(50);
      expect(world.outside.counted().mails).toBe(0);
    }));

  it('lets a server that hangs delay nobody but its own domain', () =>
    inWorld({ delivery: { replyTimeoutSeconds: 30, perDomainConcurrency: 2 } }, async (world) => {
      world.outside.misbehave({ phase: 'rcpt-to', recipient: BO, action: 'hang' });
      for (let index = 0; index < 6; index += 1) await world.protect([BO]);
      const other = await world.protect(['desk@hospital.example']);
      await world.event(other, 'Delivered');
      const { rows } = await world.pool.query<{ busy: number }>(
        'select count(*)::int as busy from jobs where leased_until > now() and lane = $1',
        ['citizen.example'],
      );
      expect(rows[0]!.busy).toBe(2);
      world.outside.behave();
      await world.outside.stop();
    }));

  it('tells of a mail that others of its domain were before for how long it waited for a place', () =>
    inWorld({ delivery: { perDomainConcurrency: 1 } }, async (world) => {
      world.outside.misbehave({ phase: 'rcpt-to', recipient: BO, action: { delay: 4_000 }, times: 1 });
      const first = await world.protect([BO]);
      await world.event(first, 'DeliveryAttemptStarted');
      const second = await world.protect([BO]);
      const places = await Promise.all(
        [first, second].map(async (id) => {
          const event = await world.event(id, 'DeliveryAttemptStarted');
          const { placeSince } = event.data;
          return placeSince === null ? null : Date.parse(event.time) - Date.parse(placeSince);
        }),
      );
      expect(places[0]).toBeNull();
      expect(places[1]).toBeGreaterThan(0);
    }));

  it('takes each job once, however many workers there are', () =>
    inWorld({}, async (world) => {
      const others = await Promise.all([world.start(), world.start()]);
      const ids = await Promise.all(Array.from({ length: 20 }, () => world.protect([BO])));
      await Promise.all(ids.map((id) => world.event(id, 'Delivered')));
      expect(world.outside.counted().mails).toBe(20);
      await Promise.all(others.map((each) => each.close()));
    }));
});
