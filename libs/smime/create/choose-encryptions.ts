// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { ContentEncryption } from '../algorithms/content-encryption.ts';
import { keyEncryptionsFor, type KeyEncryption } from '../algorithms/key-encryption.ts';
import { remembered } from '../certificates/remembered.ts';
import { CryptographicOperationError, UnsuitableCertificateError } from '../errors.ts';
import {
  chooseEncryption,
  type Choosing,
  type ChosenEncryption,
  type KnownRecipient,
} from './choose-encryption.ts';
import { recipientInfo } from './recipient-info.ts';

const KINDS = {
  'rsaes-pkcs1-v1_5': 'rsa',
  'rsaes-oaep-sha256': 'rsa',
  'ecdh-sha256': 'ec',
  'ecdh-sha384': 'ec',
  'ecdh-sha512': 'ec',
  'x25519-hkdf-sha256': 'x25519',
  'ml-kem-512': 'ml-kem',
  'ml-kem-768': 'ml-kem',
  'ml-kem-1024': 'ml-kem',
} as const satisfies Record<KeyEncryption, string>;

/** What all readers of an envelope have in common: the kind of their keys, and the best cipher that they read. */
export type EnvelopeKind = `${(typeof KINDS)[KeyEncryption]}, ${ContentEncryption}`;

/**
 * In which envelope one may put the content key of somebody: recipients of the same kind share one, others do not.
 *
 * The kinds of keys stay apart because mail programs give up at a RecipientInfo that they do not know, also where their
 * own stands beside it: NSS 3.87 at any curve, NSS 3.110 at X25519 and ML-KEM (docs/interop.md). The ciphers stay apart
 * so that what one does not read takes nothing from another.
 *
 * The first time that a certificate comes by, a key is wrapped for it on trial: one with a bad key would else be noticed
 * in the making of an envelope, and take it from all others in it.
 *
 * @throws what `chooseEncryption` throws, and UnsuitableCertificateError where wrapping fails: nobody can encrypt for him.
 */
export function envelopeKind(recipient: KnownRecipient, choosing?: Choosing): EnvelopeKind {
  const { contentEncryption, recipients } = chooseEncryption([recipient], choosing);
  const [only] = recipients;
  if (only === undefined) throw new TypeError('an envelope is for somebody');
  if (!tryOut(only.certificate).wraps)
    throw new UnsuitableCertificateError('no key can be wrapped for its key');
  return `${KINDS[only.keyEncryption]}, ${contentEncryption}`;
}

const tryOut = remembered((certificate) => {
  try {
    const [keyEncryption] = keyEncryptionsFor(certificate);
    if (keyEncryption === undefined) return { wraps: false };
    recipientInfo({ certificate, keyEncryption }, randomBytes(32));
    return { wraps: true };
  } catch (error) {
    if (error instanceof CryptographicOperationError) return { wraps: false };
    throw error;
  }
});

/**
 * Chooses how to encrypt for all of `recipients` in as many envelopes as it takes: each of them gets what
 * `chooseEncryption` would choose for him alone, in one with those of the same {@link EnvelopeKind}.
 *
 * @param recipients none: no envelope.
 * @returns in the order of the first recipient of each.
 * @throws BelowPolicyFloorError or UnsuitableCertificateError where nobody can encrypt for one of them: ask for him alone
 *   beforehand (`envelopeKind`), and find another way for him.
 */
export function chooseEncryptions(
  recipients: readonly KnownRecipient[],
  choosing?: Choosing,
): readonly ChosenEncryption[] {
  const byKind = Map.groupBy(recipients, (recipient) => envelopeKind(recipient, choosing));
  return [...byKind.values()].map((group) => chooseEncryption(group, choosing));
}
