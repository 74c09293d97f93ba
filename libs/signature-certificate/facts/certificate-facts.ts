// SPDX-License-Identifier: Apache-2.0
import { Sha256 } from '@securemail/contracts';
import type { Certificate } from '@securemail/smime';
import { z } from 'zod';
import { bounded, text } from './text.ts';

/** An X.509 certificate as a reader may compare it with another program. */
export const CertificateFacts = z.object({
  /** Distinguished names, their attributes in the order of the certificate: `C=DK, O=Region, CN=Anna`. */
  subject: text(600),
  issuer: text(600),
  /** Hexadecimal. */
  serial: text(80),
  /** Of the DER. */
  sha256: Sha256,
  /** Mailboxes and domains that it names. */
  names: z.array(text(254)).max(20),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  key: z.object({ type: text(40), bits: z.int().nonnegative() }),
});
export type CertificateFacts = z.infer<typeof CertificateFacts>;

export const certificateFacts = (certificate: Certificate): CertificateFacts => ({
  subject: distinguishedName(certificate.x509.subject),
  issuer: distinguishedName(certificate.x509.issuer),
  serial: bounded(certificate.x509.serialNumber.toLowerCase(), 80),
  sha256: certificate.sha256,
  names: [...certificate.emails, ...certificate.domains].slice(0, 20).map((name) => bounded(name, 254)),
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
  key: certificate.key,
});

/** OpenSSL gives an attribute a line; of a certificate without a subject it gives nothing. */
const distinguishedName = (lines: string | undefined) => bounded((lines ?? '').replaceAll('\n', ', '), 600);
