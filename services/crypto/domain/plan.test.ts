// SPDX-License-Identifier: Apache-2.0
import { Obstacle, PROTECTION_METHODS, recipientId, type ProtectionMethod } from '@securemail/contracts';
import type { EnvelopeKind } from '@securemail/smime';
import fc from 'fast-check';
import { failed, plan, type RecipientFacts } from './plan.ts';

type Way = ProtectionMethod | 'none';

const OUTSIDE: RecipientFacts['obstacles'] = {
  internal: 'not-an-own-domain',
  'smime-personal': 'no-certificate',
  'smime-domain': 'no-certificate',
  tls: 'tls-not-enforceable',
  mailbox: 'mailbox-not-available',
};

/** A recipient to whom just this way is free. */
const recipient = (
  ordinal: number,
  way: Way,
  disclosed = true,
  envelope: EnvelopeKind = 'rsa, aes-256-cbc',
): RecipientFacts => ({
  recipientId: recipientId(ordinal),
  disclosed,
  obstacles: { ...OUTSIDE, ...(way === 'none' ? {} : { [way]: null }) },
  envelopes: way === 'smime-personal' || way === 'smime-domain' ? { [way]: envelope } : {},
});
const onCurve = (ordinal: number, disclosed = true) =>
  recipient(ordinal, 'smime-personal', disclosed, 'ec, aes-256-cbc');

const messagesFor = (...recipients: RecipientFacts[]) =>
  plan(recipients).messages.map(({ method, recipientIds }) => [method, ...recipientIds]);

describe('the protection plan', () => {
  it('takes the strongest way that is free', () => {
    const facts = recipient(1, 'smime-personal');
    expect(messagesFor({ ...facts, obstacles: { ...facts.obstacles, 'smime-domain': null } })).toEqual([
      ['smime-personal', 'r1'],
    ]);
    expect(
      messagesFor({
        ...facts,
        obstacles: { internal: null, 'smime-personal': null, 'smime-domain': null, tls: null, mailbox: null },
      }),
    ).toEqual([['internal', 'r1']]);
  });

  it('says why each stronger method was passed over', () => {
    expect(plan([recipient(1, 'smime-domain')]).planned.data.recipients).toEqual([
      {
        recipientId: 'r1',
        method: 'smime-domain',
        passedOver: [
          { method: 'internal', because: 'not-an-own-domain' },
          { method: 'smime-personal', because: 'no-certificate' },
        ],
      },
    ]);
  });

  it('lets recipients of one method share a message', () => {
    expect(
      messagesFor(recipient(1, 'smime-personal'), recipient(2, 'internal'), recipient(3, 'smime-personal')),
    ).toEqual([
      ['internal', 'r2'],
      ['smime-personal', 'r1', 'r3'],
    ]);
  });

  it('keeps apart whose keys or ciphers no one envelope suits, and puts together whom it does', () => {
    expect(
      messagesFor(
        recipient(1, 'smime-personal'),
        onCurve(2),
        recipient(3, 'smime-personal'),
        recipient(4, 'smime-personal', true, 'rsa, aes-256-gcm'),
        onCurve(5),
      ),
    ).toEqual([
      ['smime-personal', 'r1', 'r3'],
      ['smime-personal', 'r2', 'r5'],
      ['smime-personal', 'r4'],
    ]);
  });

  it('asks only after the envelope of the method that is taken', () => {
    const envelopes = { 'smime-personal': 'ec, aes-256-cbc', 'smime-domain': 'rsa, aes-256-cbc' } as const;
    expect(messagesFor({ ...recipient(1, 'smime-domain'), envelopes }, recipient(2, 'smime-domain'))).toEqual(
      [['smime-domain', 'r1', 'r2']],
    );
    expect(messagesFor({ ...recipient(1, 'internal'), envelopes }, recipient(2, 'internal'))).toEqual([
      ['internal', 'r1', 'r2'],
    ]);
  });

  it('gives a blind copy a message of its own also where the envelope of others would suit', () => {
    expect(messagesFor(onCurve(1), onCurve(2, false), onCurve(3, false))).toEqual([
      ['smime-personal', 'r1'],
      ['smime-personal', 'r2'],
      ['smime-personal', 'r3'],
    ]);
  });

  it('gives a blind copy a message of its own, for the keys in a message name its readers', () => {
    expect(
      messagesFor(
        recipient(1, 'smime-personal'),
        recipient(2, 'smime-personal', false),
        recipient(3, 'smime-personal'),
      ),
    ).toEqual([
      ['smime-personal', 'r1', 'r3'],
      ['smime-personal', 'r2'],
    ]);
  });

  it('holds whom nothing safe leads to, with the reason that would help', () => {
    const expired = {
      ...recipient(2, 'none'),
      obstacles: { ...OUTSIDE, 'smime-personal': 'certificate-expired' as const },
    };
    const { held, messages } = plan([recipient(1, 'none'), expired, recipient(3, 'none')]);
    expect(messages).toEqual([]);
    expect(held.map(({ data }) => data)).toEqual([
      { recipientIds: ['r1', 'r3'], because: 'mailbox-not-available', endsAt: null },
      { recipientIds: ['r2'], because: 'certificate-expired', endsAt: null },
    ]);
  });

  it('sends over verified TLS whom no certificate reaches, blind copies each by themselves', () => {
    expect(
      messagesFor(
        recipient(1, 'tls'),
        recipient(2, 'tls', false),
        recipient(3, 'tls'),
        recipient(4, 'smime-domain'),
      ),
    ).toEqual([
      ['smime-domain', 'r4'],
      ['tls', 'r1', 'r3'],
      ['tls', 'r2'],
    ]);
  });

  it.each([
    ['domain-not-found', { 'smime-personal': 'certificate-expired', tls: 'domain-not-found' }],
    ['certificate-expired', { 'smime-personal': 'certificate-expired', tls: 'tls-lookup-failed' }],
    ['tls-lookup-failed', { tls: 'tls-lookup-failed' }],
    ['tls-lookup-failed', { 'smime-personal': 'certificate-lookup-failed', tls: 'tls-lookup-failed' }],
    ['certificate-lookup-failed', { 'smime-personal': 'certificate-lookup-failed' }],
    ['no-signing-key', { 'smime-domain': 'no-signing-key' }],
    ['mailbox-not-available', {}],
    ['mailbox-not-available', { tls: 'method-forbidden' }],
    ['no-secure-method', { mailbox: 'method-forbidden' }],
  ] as const)('holds with the reason %s', (because, obstacles) => {
    const facts = { ...recipient(1, 'none'), obstacles: { ...OUTSIDE, ...obstacles } };
    expect(plan([facts]).held.map(({ data }) => data)).toEqual([
      { recipientIds: ['r1'], because, endsAt: null },
    ]);
  });

  it('holds the recipients of a message that could not be made', () => {
    const [message] = plan([recipient(1, 'smime-personal')]).messages;
    expect(failed(message!, 'protection-failed').map(({ name, data }) => [name, data])).toEqual([
      ['ProtectionFailed', { protectedMessageId: 'm1', recipientIds: ['r1'], because: 'protection-failed' }],
      ['EmailHeld', { recipientIds: ['r1'], because: 'protection-failed', endsAt: null }],
    ]);
  });

  it('puts everybody into exactly one message whose way is free for them, or holds them: in any world', () => {
    const obstacle = fc.option(fc.constantFrom(...Obstacle.options), { nil: null });
    const envelope = fc.constantFrom('rsa, aes-256-cbc', 'rsa, aes-256-gcm', 'ec, aes-256-cbc');
    const envelopes = fc.record({ 'smime-personal': envelope, 'smime-domain': envelope });
    const world = fc.array(
      fc.record({
        disclosed: fc.boolean(),
        internal: obstacle,
        personal: obstacle,
        domain: obstacle,
        tls: obstacle,
        mailbox: obstacle,
        envelopes,
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(world, (people) => {
        const facts = people.map(
          ({ internal, personal, domain, tls, mailbox, ...each }, index): RecipientFacts => ({
            recipientId: recipientId(index + 1),
            ...each,
            obstacles: { internal, 'smime-personal': personal, 'smime-domain': domain, tls, mailbox },
          }),
        );
        const { messages, held } = plan(facts);
        const settled = [...messages, ...held.map(({ data }) => data)].flatMap(
          ({ recipientIds }) => recipientIds,
        );
        expect(settled.toSorted()).toEqual(facts.map((each) => each.recipientId).toSorted());
        for (const { method, recipientIds } of messages) {
          const readers = facts.filter((each) => recipientIds.includes(each.recipientId));
          for (const { obstacles } of readers) {
            expect(obstacles[method]).toBeNull();
            const stronger = PROTECTION_METHODS.slice(0, PROTECTION_METHODS.indexOf(method));
            for (const each of stronger) expect(obstacles[each]).not.toBeNull();
          }
          if (method !== 'internal' && readers.length > 1)
            expect(readers.every(({ disclosed }) => disclosed)).toBe(true);
          if (method === 'smime-personal' || method === 'smime-domain')
            expect(new Set(readers.map((each) => each.envelopes[method])).size).toBe(1);
        }
        for (const { data } of held) {
          for (const id of data.recipientIds) {
            const { obstacles } = facts.find((each) => each.recipientId === id)!;
            expect(Object.values(obstacles)).not.toContain(null);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
