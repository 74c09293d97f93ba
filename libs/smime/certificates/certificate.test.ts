// SPDX-License-Identifier: Apache-2.0
import { der, oid, sequence, setOf, TAG } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { UnreadableCertificateError } from '../errors.ts';
import { drawCertificate, extension } from '../testing/draw-certificate.ts';
import { judgeValidity } from './path/validate-path.ts';

describe('a certificate', () => {
  it('that expired in the year 49 has expired', () => {
    const year = (number: string) => new Date(`${number}-01-01T00:00:00Z`);
    const { certificate } = drawCertificate({ notBefore: year('0001'), notAfter: year('0049') });
    expect(certificate.notAfter).toEqual(year('0049'));
    expect(judgeValidity(certificate, new Date())).toBe('expired');
  });

  it('with less than no authorities below it is not read', () => {
    const constraints = (pathLength: number) => {
      const flag = der(TAG.boolean, Buffer.of(0xff));
      const value = sequence(flag, der(TAG.integer, Buffer.of(pathLength)));
      return [extension(OID.basicConstraints, value, true)];
    };
    const drawn = drawCertificate({ extensions: constraints(3) });
    expect(drawn.certificate.authority).toEqual({ pathLength: 3 });
    expect(() => drawCertificate({ extensions: constraints(-1) })).toThrow(UnreadableCertificateError);
  });

  it.each([
    ['IA5String', 0x16, Buffer.from('asa@a.example')],
    ['UTF8String', 0x0c, Buffer.from('åsa@a.example')],
    ['BMPString', 0x1e, Buffer.from('åsa@a.example', 'utf16le').swap16()],
  ])('names the mailbox of its subject, written as %s', (_, tag, text) => {
    const subject = sequence(setOf(sequence(oid(OID.emailAddress), der(tag, text))));
    const wanted = tag === 0x16 ? 'asa@a.example' : 'åsa@a.example';
    expect(drawCertificate({ subject }).certificate.emails).toEqual([wanted]);
  });
});
