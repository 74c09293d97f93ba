// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { certificateOf, type Certificate } from './certificate.ts';

/** Enough for those who write to an organisation on a day; about 10 KB each. */
const MOST = 1_000;
/** Octets. Longer ones are read each time, so that nobody fills the memory. */
const LONGEST = 16 * 1024;

/** The one used longest ago first. */
const known = new Map<string, Certificate>();

/**
 * {@link certificateOf} for the certificates in messages: the same people write again and again, and to read their
 * certificate takes longer than to verify their signature.
 *
 * @throws UnreadableCertificateError
 */
export function knownCertificate(bytes: Buffer): Certificate {
  if (bytes.length > LONGEST) return certificateOf(bytes);
  const name = hash('sha256', bytes, 'base64');
  const certificate = known.get(name) ?? certificateOf(Buffer.from(bytes));
  known.delete(name);
  known.set(name, certificate);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  return certificate;
}
