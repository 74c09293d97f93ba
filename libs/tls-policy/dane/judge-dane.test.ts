// SPDX-License-Identifier: Apache-2.0
import { createHash, X509Certificate } from 'node:crypto';
import { createCertificateAuthority, expired } from '@securemail/testing';
import { judgeDane } from './judge-dane.ts';
import { DANE_EE, DANE_TA, usableTlsa, type Tlsa } from './tlsa.ts';

const derOf = (pem: string) => new X509Certificate(pem).raw;
const keyOf = (pem: string) => new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
const sha = (name: 'sha256' | 'sha512', data: Buffer) => createHash(name).update(data).digest();

const authority = await createCertificateAuthority({ name: 'Own authority' });
const stranger = await createCertificateAuthority({ name: 'Stranger' });
const names = ['mx.example'];
const [good, old, other, strange] = await Promise.all([
  authority.issueServer({ names }),
  authority.issueServer({ names, validity: expired() }),
  authority.issueServer({ names: ['else.example'] }),
  stranger.issueServer({ names }),
]);
const person = await authority.issuePerson({ email: 'bo@mx.example', name: 'Bo' });

const chainOf = ({ certificatePem }: { certificatePem: string }, issuer = authority) => [
  derOf(certificatePem),
  derOf(issuer.certificatePem),
];
const judge = (chain: Buffer[], ...tlsa: Tlsa[]) =>
  judgeDane(chain, { tlsa: usableTlsa(tlsa), names, at: new Date() });
const ee = (certificate: { certificatePem: string }): Tlsa => ({
  usage: DANE_EE,
  selector: 1,
  matchingType: 1,
  data: sha('sha256', keyOf(certificate.certificatePem)),
});
const ta = (certificate: { certificatePem: string }): Tlsa => ({ ...ee(certificate), usage: DANE_TA });

describe('a server whose own certificate the record describes (DANE-EE)', () => {
  it.each([
    ['by the digest of its key', ee(good)],
    ['by SHA-512', { ...ee(good), matchingType: 2, data: sha('sha512', keyOf(good.certificatePem)) }],
    ['by its whole key', { ...ee(good), matchingType: 0, data: keyOf(good.certificatePem) }],
    [
      'by the digest of the certificate',
      { ...ee(good), selector: 0, data: sha('sha256', derOf(good.certificatePem)) },
    ],
    [
      'by the whole certificate',
      { ...ee(good), selector: 0, matchingType: 0, data: derOf(good.certificatePem) },
    ],
  ])('is believed %s', (_, record) => {
    expect(judge(chainOf(good), record)).toBe(true);
    expect(judge(chainOf(strange, stranger), record)).toBe(false);
  });

  it('is believed whatever name and date stand in the certificate, and alone', () => {
    expect(judge(chainOf(old), ee(old))).toBe(true);
    expect(judge([derOf(other.certificatePem)], ee(other))).toBe(true);
  });

  it('is believed by one of several records, as while keys are changed', () => {
    expect(judge(chainOf(good), ee(old), ee(good))).toBe(true);
  });
});

describe('a server under the authority that the record describes (DANE-TA)', () => {
  it('is believed where the authority is sent along, and the name is right', () => {
    expect(judge(chainOf(good), ta(authority))).toBe(true);
    expect(judge([derOf(good.certificatePem)], ta(authority))).toBe(false);
    expect(judge(chainOf(other), ta(authority))).toBe(false);
  });

  it.each([
    ['has expired', chainOf(old)],
    ['is not for servers', chainOf(person)],
    ['was issued by another one', [derOf(strange.certificatePem), derOf(authority.certificatePem)]],
  ])('is not believed where its certificate %s', (_, chain) => {
    expect(judge(chain, ta(authority))).toBe(false);
  });
});

describe('a record is passed over', () => {
  it.each([
    ['that leans on public authorities', { ...ee(good), usage: 1 }],
    ['with an unknown selector', { ...ee(good), selector: 7 }],
    ['with an unknown digest', { ...ee(good), matchingType: 9 }],
    ['with a digest of the wrong length', { ...ee(good), matchingType: 2 }],
    ['with nothing in it', { ...ee(good), matchingType: 0, data: Buffer.alloc(0) }],
  ])('%s', (_, record) => {
    expect(usableTlsa([record])).toEqual([]);
    expect(judge(chainOf(good), record)).toBe(false);
  });

  it('by SHA-256 where there are some of the same kind by SHA-512', () => {
    const strong = { ...ee(old), matchingType: 2, data: sha('sha512', keyOf(old.certificatePem)) };
    expect(usableTlsa([ee(good), strong])).toEqual([strong]);
    expect(usableTlsa([ta(good), strong])).toEqual([ta(good), strong]);
  });
});

it('nothing is believed of a server that shows nothing, or what nobody can read', () => {
  expect(judge([], ee(good))).toBe(false);
  expect(judge([Buffer.from('rubbish'), derOf(good.certificatePem)], ee(good))).toBe(false);
  expect(judge(chainOf(good))).toBe(false);
});
