// SPDX-License-Identifier: Apache-2.0
import { context, der, NULL, oid, sequence } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { KeyAgreement, KeyEncapsulation, KeyTransport } from './key-encryption.ts';
import type { KeyWrap } from './key-wrap.ts';

const SHA256 = sequence(oid(OID.sha256), NULL);

/** RFC 8017 §A.2.3: OAEP with SHA-256 for the label and for MGF1. */
export const KEY_TRANSPORT_IDENTIFIERS: Readonly<Record<KeyTransport, Buffer>> = {
  'rsaes-pkcs1-v1_5': sequence(oid(OID.rsaEncryption), NULL),
  'rsaes-oaep-sha256': sequence(
    oid(OID.rsaesOaep),
    sequence(der(context(0), SHA256), der(context(1), sequence(oid(OID.mgf1), SHA256))),
  ),
};

const SCHEMES: Readonly<Record<KeyAgreement, Buffer>> = {
  'ecdh-sha256': oid(OID.dhSinglePassStdDhSha256Kdf),
  'ecdh-sha384': oid(OID.dhSinglePassStdDhSha384Kdf),
  'ecdh-sha512': oid(OID.dhSinglePassStdDhSha512Kdf),
  'x25519-hkdf-sha256': oid(OID.dhSinglePassStdDhHkdfSha256),
};

/** The scheme, with the key wrap as its parameter (RFC 5753 §3.1.1, RFC 8418 §7). */
export const keyAgreementIdentifier = (agreement: KeyAgreement, { identifier }: KeyWrap): Buffer =>
  sequence(SCHEMES[agreement], identifier);

/** RFC 9936 §3, without parameters (its appendix A). */
export const KEM_IDENTIFIERS: Readonly<Record<KeyEncapsulation, Buffer>> = {
  'ml-kem-512': sequence(oid(OID.mlKem512)),
  'ml-kem-768': sequence(oid(OID.mlKem768)),
  'ml-kem-1024': sequence(oid(OID.mlKem1024)),
};
