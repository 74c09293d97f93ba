// SPDX-License-Identifier: Apache-2.0
import { createCertificateAuthority } from '@securemail/testing';
import { readCertificates } from '../index.ts';
import { knownCertificate } from './known-certificate.ts';

describe('a certificate that comes again and again', () => {
  it('is read once, and does not keep the message that it came in', async () => {
    const authority = await createCertificateAuthority({ name: 'An authority' });
    const [certificate] = readCertificates(Buffer.from(authority.certificatePem));
    const message = Buffer.concat([Buffer.alloc(100_000), certificate!.der]);
    const first = knownCertificate(message.subarray(100_000));
    message.fill(0);
    expect(knownCertificate(Buffer.from(certificate!.der))).toBe(first);
    expect(first.der.equals(certificate!.der)).toBe(true);
    expect(first.issuer.buffer.byteLength).toBeLessThan(100_000);
  });

  it('is refused each time where it is damaged', () => {
    const damaged = Buffer.from('3003020101', 'hex');
    for (let time = 0; time < 2; time += 1) expect(() => knownCertificate(damaged)).toThrow('damaged');
  });
});
