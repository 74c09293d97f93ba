// SPDX-License-Identifier: Apache-2.0
import * as crypto from 'node:crypto';
import { hkdfSha256, kemOtherInfo } from '../algorithms/key-derivation.ts';
import type { KeyEncapsulation } from '../algorithms/key-encryption.ts';
import { KEM_IDENTIFIERS } from '../algorithms/key-encryption-identifiers.ts';
import { AES_128_WRAP, AES_256_WRAP, wrapKey, type KeyWrap } from '../algorithms/key-wrap.ts';
import { context, der, octetString, oid, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { recipientIdentifier, type IdentifiedBy } from './recipient-identifier.ts';

/** RFC 9936 §2.1: the one that every reader of the parameter set must know. */
const WRAPS: Readonly<Record<KeyEncapsulation, KeyWrap>> = {
  'ml-kem-512': AES_128_WRAP,
  'ml-kem-768': AES_256_WRAP,
  'ml-kem-1024': AES_256_WRAP,
};

/** id-alg-hkdf-with-sha256 without parameters (RFC 9936 §2.1). */
const HKDF_SHA256 = sequence(oid(OID.hkdfWithSha256));

/** KEMRecipientInfo (RFC 9629 §3) as OtherRecipientInfo, in `[4]`. */
export function kemRecipientInfo(
  certificate: Certificate,
  keyEncryption: KeyEncapsulation,
  by: IdentifiedBy,
  contentKey: Buffer,
): Buffer {
  const wrap = WRAPS[keyEncryption];
  // By its module, not by name: Node 22 has no such function, and must still load all the others.
  const { sharedKey, ciphertext } = crypto.encapsulate(certificate.x509.publicKey);
  const kek = hkdfSha256(sharedKey, kemOtherInfo(wrap), wrap.kekLength);
  const info = sequence(
    smallInteger(0),
    recipientIdentifier(certificate, by),
    KEM_IDENTIFIERS[keyEncryption],
    octetString(ciphertext),
    HKDF_SHA256,
    smallInteger(wrap.kekLength),
    wrap.identifier,
    octetString(wrapKey(wrap, kek, contentKey)),
  );
  return der(context(4), oid(OID.oriKem), info);
}
