// SPDX-License-Identifier: Apache-2.0
import { Address, recipientId } from '@securemail/contracts';
import type { Certificate } from '@securemail/smime';
import { factsAtFirst, isOpen, withMethod } from './facts.ts';
import type { Finding, Surroundings } from './methods/method.ts';
import { METHODS } from './methods/methods.ts';

const bo = { recipientId: recipientId(1), address: Address.parse('bo@citizen.example'), disclosed: true };
const around: Surroundings = {
  ownDomains: ['demo.example'],
  forbiddenMethods: [],
  mailbox: false,
  answeredInMailbox: () => false,
  signing: null,
  personal: () => ({
    ok: true,
    certificate: {} as Certificate,
    envelope: 'ec, aes-256-cbc',
    source: 'folder',
    endsAt: new Date(),
  }),
  organisation: () => ({ ok: false, because: 'no-certificate' }),
};
const factsOf = (
  recipient: typeof bo,
  surroundings: Surroundings,
  answers: ReadonlyMap<string, Finding> = new Map(),
) =>
  METHODS.reduce(
    (facts, method) => withMethod(facts, recipient, method, surroundings, answers),
    factsAtFirst(recipient),
  );

describe('what bears on a recipient', () => {
  it('is inside only in exactly one of the tenant’s own domains', () => {
    expect(factsOf(bo, around).obstacles.internal).toBe('not-an-own-domain');
    const inside = { ...bo, address: Address.parse('ulla@demo.example') };
    expect(factsOf(inside, around).obstacles.internal).toBeNull();
    const below = { ...bo, address: Address.parse('ulla@sub.demo.example') };
    expect(factsOf(below, around).obstacles.internal).toBe('not-an-own-domain');
  });

  it('is a missing signing key where a certificate would do', () => {
    const obstacles = factsOf(bo, { ...around, signing: 'no-signing-key' }).obstacles;
    expect(obstacles).toMatchObject({ 'smime-personal': 'no-signing-key', 'smime-domain': 'no-certificate' });
  });

  it('is which envelope would do, for each method that has a certificate', () => {
    expect(factsOf(bo, around).envelopes).toEqual({ 'smime-personal': 'ec, aes-256-cbc' });
  });

  it('is what was found out of TLS to the domain, and never that nobody has asked', () => {
    const tls = (found: ReadonlyMap<string, Finding>) => factsOf(bo, around, found).obstacles.tls;
    expect(tls(new Map([['citizen.example', null]]))).toBeNull();
    expect(tls(new Map([['citizen.example', 'tls-not-enforceable']]))).toBe('tls-not-enforceable');
    expect(tls(new Map([['else.example', null]]))).toBe('tls-lookup-failed');
    const free = factsOf(bo, { ...around, forbiddenMethods: ['tls'] }, new Map([['citizen.example', null]]));
    expect(free.obstacles.tls).toBe('method-forbidden');
  });

  it('is a method that the tenant forbids, whatever the certificate', () => {
    const obstacles = factsOf(bo, { ...around, forbiddenMethods: ['smime-personal', 'mailbox'] }).obstacles;
    expect(obstacles).toMatchObject({ 'smime-personal': 'method-forbidden', mailbox: 'method-forbidden' });
  });

  it('is SecureMailBox where the organisation has it, but for whom no mail reaches that would tell of it', () => {
    const mailbox = (has: boolean, tls: Finding) =>
      factsOf(bo, { ...around, mailbox: has }, new Map([['citizen.example', tls]])).obstacles.mailbox;
    expect(mailbox(false, 'tls-not-enforceable')).toBe('mailbox-not-available');
    expect(mailbox(true, 'tls-not-enforceable')).toBeNull();
    expect(mailbox(true, 'tls-lookup-failed')).toBeNull();
    expect(mailbox(true, 'domain-not-found')).toBe('domain-not-found');
  });

  it('is SecureMailBox for who wrote there, which says so of what is stronger and would do', () => {
    const answering = { ...around, mailbox: true, answeredInMailbox: () => true };
    expect(factsOf(bo, answering, new Map([['citizen.example', null]]))).toMatchObject({
      obstacles: {
        internal: 'not-an-own-domain',
        'smime-personal': 'written-in-mailbox',
        'smime-domain': 'no-certificate',
        tls: 'written-in-mailbox',
        mailbox: null,
      },
      envelopes: {},
    });
  });

  it('leaves open whom no method reaches that was looked at', () => {
    expect(isOpen(factsAtFirst(bo))).toBe(true);
    expect(isOpen(factsOf(bo, { ...around, signing: 'no-signing-key' }))).toBe(true);
    expect(isOpen(factsOf(bo, around))).toBe(false);
  });
});
