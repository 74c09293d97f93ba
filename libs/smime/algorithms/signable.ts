// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from '../certificates/certificate.ts';
import { remembered } from '../certificates/remembered.ts';
import { BelowPolicyFloorError, UnsuitableCertificateError } from '../errors.ts';
import { DIGESTS, type DigestAlgorithm } from './digests.ts';
import { checkRsaSize } from './policy-floor.ts';
import type { SignatureAlgorithm } from './signatures.ts';

const DIGEST_NAMES: readonly DigestAlgorithm[] = ['sha256', 'sha384', 'sha512'];
const CURVES: Partial<Record<string, SignatureAlgorithm>> = {
  prime256v1: 'ecdsa-sha256',
  secp384r1: 'ecdsa-sha384',
  secp521r1: 'ecdsa-sha512',
};

/**
 * How the key of a certificate may sign, the customary way first: RSA with PKCS#1 v1.5 or PSS and any SHA-2, a curve
 * with the digest of its size (RFC 5754 §3.3), Ed25519 as it is, an id-RSASSA-PSS key as its own parameters allow
 * (RFC 4055 §3.1).
 *
 * @throws BelowPolicyFloorError for RSA under 2048 bits or a key bound to SHA-1; UnsuitableCertificateError for keys
 *   that do not sign here.
 */
export const signatureAlgorithmsFor = remembered(({ key, x509 }): readonly SignatureAlgorithm[] => {
  const details = x509.publicKey.asymmetricKeyDetails ?? {};
  switch (key.type) {
    case 'rsa':
      checkRsaSize(key.bits);
      return [
        ...DIGEST_NAMES.map((digest) => `rsassa-pkcs1-v1_5-${digest}` as const),
        ...DIGEST_NAMES.map((digest) => `rsassa-pss-${digest}` as const),
      ];
    case 'rsa-pss':
      checkRsaSize(key.bits);
      return pssAlgorithms(details);
    case 'ec': {
      const algorithm = CURVES[details.namedCurve ?? ''];
      if (algorithm !== undefined) return [algorithm];
      break;
    }
    case 'ed25519':
      return ['ed25519'];
  }
  throw new UnsuitableCertificateError(
    'only RSA keys, keys on P-256, P-384 and P-521, and Ed25519 keys sign here',
  );
});

/** A key without parameters is free; one with them is bound to their hash, and to a salt at least that long. */
function pssAlgorithms(bound: {
  hashAlgorithm?: string;
  mgf1HashAlgorithm?: string;
  saltLength?: number;
}): readonly SignatureAlgorithm[] {
  const { hashAlgorithm, mgf1HashAlgorithm = hashAlgorithm, saltLength = 0 } = bound;
  const allowed = DIGEST_NAMES.filter(
    (digest) => hashAlgorithm === undefined || (digest === hashAlgorithm && digest === mgf1HashAlgorithm),
  ).filter((digest) => saltLength <= DIGESTS[digest].length);
  if (allowed.length === 0) {
    throw new BelowPolicyFloorError('its RSASSA-PSS parameters allow none of SHA-256, SHA-384 and SHA-512');
  }
  return allowed.map((digest) => `rsassa-pss-${digest}` as const);
}

/** @throws what {@link signatureAlgorithmsFor} does, and UnsuitableCertificateError where it is not among them. */
export function checkSignatureAlgorithm(certificate: Certificate, algorithm: SignatureAlgorithm): void {
  if (!signatureAlgorithmsFor(certificate).includes(algorithm)) {
    throw new UnsuitableCertificateError(
      `a key of the kind ${certificate.key.type} does not sign with ${algorithm} here`,
    );
  }
}
