// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from '@securemail/smime';
import { anchorsFor } from './trust.ts';

const [everybodys, theirs] = [{ sha256: 'all' }, { sha256: 'theirs' }] as unknown as [
  Certificate,
  Certificate,
];
const trust = { forAll: [everybodys], within: new Map([['hospital.example', [theirs]]]) };

describe('an authority that is believed of one domain', () => {
  it.each([
    ['a person in it', ['desk@hospital.example'], []],
    ['several, in other letters', ['Desk@Hospital.Example', 'ward@hospital.example'], []],
    ['its organisation', [], ['hospital.example']],
    ['both', ['domain-signing-authority@hospital.example'], ['hospital.example']],
  ])('vouches for %s', (_, emails, domains) => {
    expect(anchorsFor(trust, { emails, domains })).toEqual([everybodys, theirs]);
  });

  it.each([
    ['who is elsewhere', ['mayor@bank.example'], []],
    ['who is elsewhere, too', ['desk@hospital.example', 'mayor@bank.example'], []],
    ['who speaks for others, too', ['desk@hospital.example'], ['bank.example']],
    ['the organisation of others', [], ['bank.example']],
    ['a domain below it', ['desk@ward.hospital.example'], []],
    ['a domain that ends like it', ['desk@nothospital.example'], []],
    ['a domain that begins like it', ['desk@hospital.example.bank.example'], []],
    ['what is no address', ['hospital.example', 'desk@hospital.example'], []],
    ['an address in quotes that looks like another', ['"mayor@bank.example"@bank.example'], []],
    ['who is not named', [], []],
  ])('vouches not for %s', (_, emails, domains) => {
    expect(anchorsFor(trust, { emails, domains })).toEqual([everybodys]);
  });
});
