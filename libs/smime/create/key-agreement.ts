// SPDX-License-Identifier: Apache-2.0
import { diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { eccCmsSharedInfo, hkdfSha256, x963Kdf } from '../algorithms/key-derivation.ts';
import type { KeyAgreement } from '../algorithms/key-encryption.ts';
import { keyAgreementIdentifier } from '../algorithms/key-encryption-identifiers.ts';
import { AES_128_WRAP, AES_256_WRAP, wrapKey } from '../algorithms/key-wrap.ts';
import { context, der, octetString, sequence, smallInteger, TAG } from '../asn1/der.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { keyAlgorithm } from '../certificates/key-algorithm.ts';
import { pointOf } from '../algorithms/public-point.ts';
import { issuerAndSerialNumber, subjectKeyIdentifier, type IdentifiedBy } from './recipient-identifier.ts';

interface Agreement {
  ephemeral(): { publicKey: KeyObject; privateKey: KeyObject };
  derive(secret: Buffer, info: Buffer, length: number): Buffer;
}

const ecdh = (namedCurve: string, digest: 'sha256' | 'sha384' | 'sha512'): Agreement => ({
  ephemeral: () => generateKeyPairSync('ec', { namedCurve }),
  derive: (secret, info, length) => x963Kdf(digest, secret, info, length),
});

const AGREEMENTS: Readonly<Record<KeyAgreement, Agreement>> = {
  'ecdh-sha256': ecdh('prime256v1', 'sha256'),
  'ecdh-sha384': ecdh('secp384r1', 'sha384'),
  'ecdh-sha512': ecdh('secp521r1', 'sha512'),
  'x25519-hkdf-sha256': { ephemeral: () => generateKeyPairSync('x25519'), derive: hkdfSha256 },
};

const NO_UNUSED_BITS = Buffer.of(0);

/**
 * KeyAgreeRecipientInfo (RFC 5652 §6.2.2, RFC 5753 §3.1, RFC 8418 §3.2) in `[1]`: an ephemeral key for each recipient
 * and each message, so there is no ukm. The key wrap has the size of the content key, as RFC 8551 §2.3 wants it.
 */
export function keyAgreeRecipientInfo(
  certificate: Certificate,
  keyEncryption: KeyAgreement,
  by: IdentifiedBy,
  contentKey: Buffer,
): Buffer {
  const agreement = AGREEMENTS[keyEncryption];
  const wrap = contentKey.length === 16 ? AES_128_WRAP : AES_256_WRAP;
  const { publicKey, privateKey } = agreement.ephemeral();
  const secret = diffieHellman({ privateKey, publicKey: certificate.x509.publicKey });
  const kek = agreement.derive(secret, eccCmsSharedInfo(wrap), wrap.kekLength);
  const point = pointOf(publicKey);
  return der(
    context(1),
    smallInteger(3),
    der(
      context(0),
      der(context(1), keyAlgorithm(certificate).bytes, der(TAG.bitString, NO_UNUSED_BITS, point)),
    ),
    keyAgreementIdentifier(keyEncryption, wrap),
    sequence(sequence(recipient(certificate, by), octetString(wrapKey(wrap, kek, contentKey)))),
  );
}

/** KeyAgreeRecipientIdentifier (RFC 5652 §6.2.2). */
const recipient = (certificate: Certificate, by: IdentifiedBy): Buffer =>
  by === 'issuer-and-serial-number'
    ? issuerAndSerialNumber(certificate)
    : der(context(0), octetString(subjectKeyIdentifier(certificate)));
