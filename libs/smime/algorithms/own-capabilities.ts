// SPDX-License-Identifier: Apache-2.0
import { oid, sequence } from '../asn1/der.ts';
import { readCapabilities, type Capability } from './capabilities.ts';
import { CONTENT_ENCRYPTIONS, contentCipher, type ContentEncryption } from './content-encryption.ts';
import {
  KEM_IDENTIFIERS,
  KEY_TRANSPORT_IDENTIFIERS,
  keyAgreementIdentifier,
} from './key-encryption-identifiers.ts';
import { AES_128_WRAP, AES_256_WRAP } from './key-wrap.ts';

/** For content encryption a capability is the identifier alone (RFC 3565, RFC 8551 §2.5.2, RFC 8103). */
export function contentCapability(name: ContentEncryption): Capability {
  const { id } = contentCipher(name);
  return { id, der: sequence(oid(id)) };
}

const capability = (identifier: Buffer) => readCapabilities(sequence(identifier));

/** A key agreement is listed with each key wrap it is read with (RFC 5753 §6, RFC 8418 §8). */
const agreements = (['ecdh-sha256', 'ecdh-sha384', 'ecdh-sha512', 'x25519-hkdf-sha256'] as const).flatMap(
  (name) => [AES_256_WRAP, AES_128_WRAP].map((wrap) => keyAgreementIdentifier(name, wrap)),
);

/** What every S/MIME program of the last fifteen years reads: AES in CBC mode. Said where nothing else is. */
export const COMMON_CAPABILITIES: readonly Capability[] = [
  contentCapability('aes-256-cbc'),
  contentCapability('aes-128-cbc'),
];

/**
 * All that this library makes for others, and reads. Only for a signer whose mail is opened by this library: his own
 * mail program may know less, and whoever answers him believes this.
 */
export const ALL_CAPABILITIES: readonly Capability[] = [
  ...CONTENT_ENCRYPTIONS.map(contentCapability),
  ...[
    ...Object.values(KEM_IDENTIFIERS).toReversed(),
    ...agreements,
    KEY_TRANSPORT_IDENTIFIERS['rsaes-oaep-sha256'],
    KEY_TRANSPORT_IDENTIFIERS['rsaes-pkcs1-v1_5'],
  ].flatMap(capability),
];
