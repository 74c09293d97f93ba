// SPDX-License-Identifier: Apache-2.0
import type { Capability } from '../algorithms/capabilities.ts';
import {
  CONTENT_ENCRYPTIONS,
  contentCipher,
  type ContentEncryption,
} from '../algorithms/content-encryption.ts';
import { keyEncryptionsFor, type KeyEncryption } from '../algorithms/key-encryption.ts';
import { KEY_TRANSPORT_IDENTIFIERS } from '../algorithms/key-encryption-identifiers.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { BelowPolicyFloorError, UnsuitableCertificateError } from '../errors.ts';
import type { EncryptionRecipient } from './recipient-info.ts';

/** Somebody to encrypt for, and what is known of what he reads. */
export interface KnownRecipient {
  certificate: Certificate;
  /**
   * Those of the last message he signed, or others believed in. Without them those in his certificate count, and
   * without those he is a stranger.
   */
  capabilities?: readonly Capability[] | null | undefined;
}

/** Goes into `encryptEntity(entity, recipients, { contentEncryption })` as it is. */
export interface ChosenEncryption {
  contentEncryption: ContentEncryption;
  /** In the order they came. */
  recipients: readonly (EncryptionRecipient & { keyEncryption: KeyEncryption })[];
}

export interface Choosing {
  /**
   * What somebody reads of whom nothing is known, best first.
   *
   * @default AES-256-CBC and AES-128-CBC: RFC 5751 §2.7 demands the latter of all, and none leaves out the former
   */
  strangersRead?: readonly ContentEncryption[] | undefined;
}

const STRANGER: readonly ContentEncryption[] = ['aes-256-cbc', 'aes-128-cbc'];

/** Said by programs of another age, or by somebody who changed the message on its way. */
const TOO_WEAK: ReadonlySet<string> = new Set([OID.desEde3Cbc, OID.rc2Cbc, OID.desCbc]);

/**
 * Chooses how to encrypt for all of `recipients` (RFC 8551 §2.7.1): the best content encryption that each of them
 * reads, AES-256-CBC where one is a stranger; for each the key encryption of his key, for RSA OAEP where he says that
 * he reads it with SHA-256.
 *
 * Capabilities may be forged or out of date, so they only choose among what is safe anyway.
 *
 * @param recipients at least one.
 * @throws BelowPolicyFloorError where a key is too weak, or where all that somebody says he reads is;
 *   UnsuitableCertificateError where nobody can encrypt for a key, or where nothing suits all of them:
 *   `chooseEncryptions` makes several envelopes of them then.
 */
export function chooseEncryption(
  recipients: readonly KnownRecipient[],
  { strangersRead = STRANGER }: Choosing = {},
): ChosenEncryption {
  if (recipients.length === 0) throw new TypeError('a message is encrypted for at least one certificate');
  const readable = recipients.map((recipient) =>
    contentEncryptionsOf(capabilitiesOf(recipient), strangersRead),
  );
  const contentEncryption = CONTENT_ENCRYPTIONS.find((name) =>
    readable.every((names) => names.includes(name)),
  );
  if (contentEncryption === undefined) {
    throw new UnsuitableCertificateError('no content encryption is read by all recipients');
  }
  return {
    contentEncryption,
    recipients: recipients.map((recipient) => ({
      certificate: recipient.certificate,
      keyEncryption: keyEncryptionOf(recipient.certificate, capabilitiesOf(recipient)),
    })),
  };
}

const capabilitiesOf = ({ capabilities, certificate }: KnownRecipient): readonly Capability[] =>
  capabilities ?? certificate.capabilities ?? [];

function contentEncryptionsOf(
  capabilities: readonly Capability[],
  strangersRead: readonly ContentEncryption[],
): readonly ContentEncryption[] {
  const ids = new Set(capabilities.map(({ id }) => id));
  const named = CONTENT_ENCRYPTIONS.filter((name) => ids.has(contentCipher(name).id));
  // RFC 8551 §2.7 keeps AES-128-CBC a must for everybody who reads anything newer.
  if (named.length > 0) return [...named, 'aes-128-cbc'];
  if (capabilities.some(({ id }) => TOO_WEAK.has(id))) {
    throw new BelowPolicyFloorError('a recipient reads nothing stronger than 3DES, which is not used');
  }
  return strangersRead;
}

function keyEncryptionOf(certificate: Certificate, capabilities: readonly Capability[]): KeyEncryption {
  const [customary, ...others] = keyEncryptionsFor(certificate);
  const oaep = KEY_TRANSPORT_IDENTIFIERS['rsaes-oaep-sha256'];
  if (others.includes('rsaes-oaep-sha256') && capabilities.some(({ der }) => der.equals(oaep))) {
    return 'rsaes-oaep-sha256';
  }
  if (customary === undefined) throw new UnsuitableCertificateError('nobody can encrypt for its key here');
  return customary;
}
