// SPDX-License-Identifier: Apache-2.0
import { Address, recipientId } from '@securemail/contracts';
import type { Certificate } from '@securemail/smime';
import { factsOf, type Surroundings } from './facts.ts';

const bo = { recipientId: recipientId(1), address: Address.parse('bo@citizen.example'), disclosed: true };
const around: Surroundings = {
  ownDomains: ['demo.example'],
  forbiddenMethods: [],
  signing: null,
  personal: () => ({ ok: true, certificate: {} as Certificate, envelope: 'ec, aes-256-cbc' }),
  organisation: () => ({ ok: false, because: 'no-certificate' }),
};

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

  it('is a method that the tenant forbids, whatever the certificate', () => {
    const obstacles = factsOf(bo, { ...around, forbiddenMethods: ['smime-personal'] }).obstacles;
    expect(obstacles['smime-personal']).toBe('method-forbidden');
  });
});
