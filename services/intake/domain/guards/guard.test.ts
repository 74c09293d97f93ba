// SPDX-License-Identifier: Apache-2.0
import { Address, type GuardAction } from '@securemail/contracts';
import { demandsProtection, guard, refusing, type GuardFacts, type GuardPolicy } from './guard.ts';

const [anna, kim, lea] = ['anna@demo.example', 'kim@citizen.example', 'lea@law.example'].map((each) =>
  Address.parse(each),
) as [Address, Address, Address];
const everywhere = (action: GuardAction): GuardPolicy => ({
  secureThread: action,
  newOutsider: action,
  autoForwarded: action,
  forwardsOutside: action === 'protect' ? 'allow' : action,
  sensitiveContent: { whenFound: action, whenUnread: action },
});
const facts = (more: Partial<GuardFacts>): GuardFacts => ({
  ownDomains: ['demo.example'],
  recipients: [kim],
  askedSecure: false,
  named: [],
  whenNotAskedSecure: 'refuse',
  thread: null,
  attached: null,
  autoForwarded: false,
  forwardsOutside: () => false,
  content: null,
  ...more,
});
const secure = { secure: 'asked', outsiders: true } as const;
const byPolicy = { secure: 'policy', outsiders: true } as const;
const internal = { secure: null, outsiders: false };
const open = { secure: null, outsiders: true };
const cpr = { rules: ['CPR number'], unread: [] };

describe('guards', () => {
  it.each<[string, Partial<GuardFacts>, string[]]>([
    ['new mail outside', {}, []],
    ['new mail inside, with a CPR number', { recipients: [anna], content: cpr }, []],
    ['an answer on an open thread', { thread: open }, []],
    ['an answer on a secure thread', { thread: secure }, ['secure-thread protect']],
    ['the same, asked to be secure', { thread: secure, askedSecure: true }, []],
    ['the same, to colleagues', { thread: secure, recipients: [anna] }, []],
    ['an outsider joins', { thread: internal, recipients: [anna, kim, lea] }, ['new-outsider protect r2,r3']],
    [
      'an outsider joins, asked to be secure: told all the same',
      { thread: internal, askedSecure: true },
      ['new-outsider protect r1'],
    ],
    [
      'an outsider joins a secure internal thread',
      { thread: { secure: 'asked', outsiders: false } },
      ['secure-thread protect', 'new-outsider protect r1'],
    ],
    ['a CPR number goes outside', { content: cpr }, ['sensitive-content protect']],
    ['it goes outside securely', { content: cpr, askedSecure: true }, []],
    ['nothing was found', { content: { rules: [], unread: [] } }, []],
    [
      'something cannot be looked into',
      { content: { rules: [], unread: ['encrypted'] } },
      ['sensitive-content protect'],
    ],
    [
      'both, of which each is told',
      { content: { rules: ['CPR number'], unread: ['encrypted'] } },
      ['sensitive-content protect', 'sensitive-content protect'],
    ],
    [
      'a rule forwards a secure mail outside',
      { thread: secure, autoForwarded: true, askedSecure: true },
      ['auto-forwarded protect'],
    ],
    ['a rule forwards it to a colleague', { thread: secure, autoForwarded: true, recipients: [anna] }, []],
    ['a rule forwards another mail', { thread: open, autoForwarded: true }, []],
    [
      'secure mail to a mailbox that forwards',
      { askedSecure: true, recipients: [anna], forwardsOutside: () => true },
      ['forwards-outside allow r1'],
    ],
    ['other mail to it', { recipients: [anna], forwardsOutside: () => true }, []],
    [
      'other mail to it with a CPR number, which leaves with it',
      { recipients: [anna], forwardsOutside: () => true, content: cpr },
      ['sensitive-content protect', 'forwards-outside allow r1'],
    ],
    [
      'mail to it that a guard makes secure',
      { content: cpr, recipients: [kim, anna], forwardsOutside: () => true },
      ['sensitive-content protect', 'forwards-outside allow r2'],
    ],
    [
      'mail to it on a secure thread',
      { thread: secure, recipients: [anna], forwardsOutside: () => true },
      ['forwards-outside allow r1'],
    ],
    [
      'mail to it that the policy makes secure, as somebody outside gets it, too',
      { whenNotAskedSecure: 'protect', recipients: [kim, anna], forwardsOutside: () => true },
      ['forwards-outside allow r2'],
    ],
    [
      'mail to it among colleagues, whatever the policy does with mail to the outside',
      { whenNotAskedSecure: 'protect', recipients: [anna], forwardsOutside: () => true },
      [],
    ],
    [
      'its copy of mail that names somebody outside, handed in by itself',
      { whenNotAskedSecure: 'protect', recipients: [anna], named: [kim, anna], forwardsOutside: () => true },
      ['forwards-outside allow r1'],
    ],
    [
      'mail to it on a thread that the policy made secure',
      { thread: byPolicy, recipients: [anna], forwardsOutside: () => true },
      ['forwards-outside allow r1'],
    ],
    ['an answer on such a thread that nothing protects', { thread: byPolicy }, ['secure-thread protect']],
    [
      'an answer on it that the policy protects as well',
      { thread: byPolicy, whenNotAskedSecure: 'protect' },
      [],
    ],
    [
      'an answer on a thread that somebody asked to be secure, which the policy protects',
      { thread: secure, whenNotAskedSecure: 'protect' },
      ['secure-thread protect'],
    ],
    [
      'a rule forwards outside what the policy made secure',
      { thread: byPolicy, autoForwarded: true, whenNotAskedSecure: 'protect' },
      ['auto-forwarded protect'],
    ],
    ['a secure mail is attached, by hand', { attached: secure }, ['secure-thread protect']],
    ['the same, asked to be secure', { attached: secure, askedSecure: true }, []],
    ['the same, to colleagues', { attached: secure, recipients: [anna] }, []],
    ['the same, on an open thread', { thread: open, attached: secure }, ['secure-thread protect']],
    [
      'a mail that the policy made secure is attached, and protected by it again',
      { attached: byPolicy, whenNotAskedSecure: 'protect' },
      [],
    ],
    ['the same, where nothing protects it', { attached: byPolicy }, ['secure-thread protect']],
    [
      'one that was asked to be secure counts beside the thread that the policy made so',
      { thread: byPolicy, attached: secure, whenNotAskedSecure: 'protect' },
      ['secure-thread protect'],
    ],
    [
      'a rule forwards a secure mail outside, as an attachment of a new one',
      { attached: secure, autoForwarded: true },
      ['auto-forwarded protect'],
    ],
    [
      'the same, of what the policy made secure',
      { attached: byPolicy, autoForwarded: true, whenNotAskedSecure: 'protect' },
      ['auto-forwarded protect'],
    ],
    ['a rule forwards another mail so', { attached: open, autoForwarded: true }, []],
    ['an internal mail is attached', { attached: internal }, ['new-outsider protect r1']],
    [
      'an internal mail is attached to one on an open thread',
      { thread: open, attached: internal },
      ['new-outsider protect r1'],
    ],
    [
      'an open mail is attached to one by which an outsider joins',
      { thread: internal, attached: open },
      ['new-outsider protect r1'],
    ],
    [
      'a secure mail is attached to one for a mailbox that forwards',
      { attached: secure, recipients: [anna], forwardsOutside: () => true },
      ['forwards-outside allow r1'],
    ],
    ['what outsiders forward is not known', { askedSecure: true, forwardsOutside: () => true }, []],
  ])('%s', (_, given, expected) => {
    const told = guard(facts(given), everywhere('protect')).map(({ guard: name, action, recipientIds }) =>
      [name, action, recipientIds.join(',')].join(' ').trim(),
    );
    expect(told).toEqual(expected);
  });

  it('refuse, where the organisation wants that, what nobody asked to protect', () => {
    const refused = (given: Partial<GuardFacts>) =>
      refusing(guard(facts(given), everywhere('refuse')))?.guard ?? null;
    expect(refused({ thread: secure })).toBe('secure-thread');
    expect(refused({ thread: byPolicy })).toBe('secure-thread');
    expect(refused({ thread: byPolicy, whenNotAskedSecure: 'protect' })).toBeNull();
    expect(refused({ thread: internal })).toBe('new-outsider');
    expect(refused({ thread: internal, askedSecure: true })).toBeNull();
    expect(refused({ content: cpr })).toBe('sensitive-content');
    expect(refused({ thread: secure, autoForwarded: true })).toBe('auto-forwarded');
    expect(refused({ askedSecure: true, recipients: [anna], forwardsOutside: () => true })).toBe(
      'forwards-outside',
    );
  });

  it('let it go, where the organisation wants that, and tell of it', () => {
    const found = guard(
      facts({ thread: { secure: 'asked', outsiders: false }, content: cpr }),
      everywhere('allow'),
    );
    expect(found).toHaveLength(3);
    expect([refusing(found), demandsProtection(found)]).toEqual([null, false]);
  });
});
