// SPDX-License-Identifier: Apache-2.0
import { certificateOf, readCertificates } from '@securemail/smime';
import { createCertificateAuthority } from '@securemail/testing';
import type { Tlsa } from '@securemail/tls-policy';
import { associationsIn } from './smimea.ts';

const authority = await createCertificateAuthority({ name: 'Own' });
const issued = await authority.issuePerson({ email: 'bo@citizen.example', name: 'Bo' });
const [bo] = readCertificates(Buffer.from(issued.certificatePem));
const record = (usage: number, selector: number, matchingType: number, data: Buffer): Tlsa => ({
  usage,
  selector,
  matchingType,
  data,
});

describe('of the records', () => {
  it('the certificates are taken that stand whole in them', () => {
    const { records, certificates } = associationsIn([
      record(3, 0, 0, bo!.der),
      record(2, 1, 1, Buffer.alloc(32)),
    ]);
    expect(records).toHaveLength(2);
    expect(certificates.map(({ sha256 }) => sha256)).toEqual([bo!.sha256]);
  });

  it.each([
    ['an unknown usage', record(4, 0, 0, bo!.der)],
    ['a private usage', record(255, 0, 0, bo!.der)],
    ['an unknown selector', record(3, 2, 0, bo!.der)],
    ['an unknown digest', record(3, 0, 3, Buffer.alloc(32))],
    ['a digest of the wrong length', record(3, 1, 1, Buffer.alloc(31))],
    ['a certificate that is none', record(3, 0, 0, Buffer.from('rubbish'))],
    ['something behind the certificate', record(3, 0, 0, Buffer.concat([bo!.der, Buffer.from('x')]))],
    ['nothing in it', record(3, 0, 0, Buffer.alloc(0))],
  ])('one with %s says nothing, and stands in no other’s way', (_, unusable) => {
    expect(associationsIn([unusable])).toEqual({ records: [], certificates: [] });
    expect(associationsIn([unusable, record(3, 0, 0, bo!.der)]).certificates).toHaveLength(1);
  });

  it('no more are looked at than an honest domain has', () => {
    const many = Array.from({ length: 500 }, () => record(3, 0, 0, bo!.der));
    expect(associationsIn(many).records.length).toBeLessThanOrEqual(20);
  });
});

it('a key that DNS names whole is no certificate', () => {
  const key = certificateOf(bo!.der).x509.publicKey.export({ type: 'spki', format: 'der' });
  expect(associationsIn([record(3, 1, 0, key)])).toMatchObject({
    certificates: [],
    records: [{ selector: 1 }],
  });
});
