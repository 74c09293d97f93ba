// SPDX-License-Identifier: Apache-2.0
import { MIN_RSA_BITS } from '../algorithms/policy-floor.ts';
import { keyStrength } from '../algorithms/verifiable-keys.ts';
import { OID } from '../asn1/oids.ts';
import { allowsPurpose } from '../certificates/allows-purpose.ts';
import type { Certificate } from '../certificates/certificate.ts';
import type { SignatureProblem } from './layers.ts';
import type { SignatureVerification } from './signature-algorithm.ts';

/** Whether the key of a certificate may sign mail, and in this way (RFC 8550 §4.4). */
export function signerProblems(
  certificate: Certificate,
  verification: SignatureVerification | null,
): SignatureProblem[] {
  const { key, keyUsage } = certificate;
  const problems: SignatureProblem[] = [];
  const signs = keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
  if (!signs || !allowsPurpose(certificate, OID.emailProtection)) problems.push('key-usage');
  const fits = verification === null || verification.keyTypes.includes(key.type);
  const isRsa = key.type.startsWith('rsa');
  const isUnknown = (isRsa || key.type === 'ec') && keyStrength(certificate.x509.publicKey) === 'unknown';
  if (!fits || isUnknown) problems.push('key-unsuitable');
  if (isRsa && key.bits < MIN_RSA_BITS) problems.push('weak-key');
  return problems;
}
