// SPDX-License-Identifier: Apache-2.0
import { BerError } from '../asn1/ber-error.ts';
import { DerError } from '../asn1/der.ts';
import type { NamedCertificate } from './certificate-name.ts';

/** Why a message does not open; stable. */
export type UnopenableCode =
  | 'malformed-cms'
  | 'malformed-multipart'
  | 'ambiguous-header'
  | 'too-many-layers'
  | 'over-limit'
  | 'unsupported'
  | 'weak-algorithm'
  | 'no-content'
  | 'no-recipient'
  | 'decryption-failed'
  | 'content-not-read';

const SENTENCES: Readonly<Record<UnopenableCode, string>> = {
  'malformed-cms': 'a CMS object is cut off or not of the form that RFC 5652 gives it',
  'malformed-multipart': 'a multipart/signed does not have the form that RFC 1847 gives it',
  'ambiguous-header':
    'two Content-Type fields stand in one header, and programs would differ on which counts',
  'too-many-layers': 'a message has more layers than are opened here',
  'over-limit': 'a message has more beside its content than is opened here',
  unsupported: 'a message uses something of CMS that is not read here',
  'weak-algorithm': 'a message is encrypted in a way too weak to be opened without being asked to',
  'no-content': 'a CMS object has no content',
  'no-recipient': 'a message is encrypted for others',
  'decryption-failed': 'a message does not decrypt: it was changed, or encrypted with another key',
  'content-not-read': 'the content was not read to its end, so nothing is known of it',
};

/**
 * The message does not open, and whatever came out of it until now is worth nothing. Never repeats any of it.
 *
 * What is wrong inside an encryption is always `decryption-failed`, but for layers that are nobody's here or too many: who sends one message after the other and is
 * told how each failed can decrypt by it (Bleichenbacher 1998, Vaudenay 2002). For the same reason say none of this
 * to a sender.
 */
export class UnopenableMessageError extends Error {
  override name = 'UnopenableMessageError';
  readonly code: UnopenableCode;
  /** The layer at fault, 0 being the outermost. */
  readonly layer: number;
  /** Where the code is `no-recipient`: the certificates that it is encrypted for; a few. */
  readonly encryptedFor: readonly NamedCertificate[];

  constructor(
    code: UnopenableCode,
    layer: number,
    detail?: string,
    encryptedFor: readonly NamedCertificate[] = [],
  ) {
    super(detail === undefined ? SENTENCES[code] : `${SENTENCES[code]} (${detail})`);
    this.code = code;
    this.layer = layer;
    this.encryptedFor = encryptedFor;
  }
}

/** What reading CMS throws, as an UnopenableMessageError; anything else, such as the source's own error, as it is. */
export function asUnopenable(error: unknown, layer: number): unknown {
  if (error instanceof DerError) return new UnopenableMessageError('malformed-cms', layer);
  if (!(error instanceof BerError)) return error;
  const limit = error.fault === 'too-deep' || error.fault === 'too-large';
  return new UnopenableMessageError(limit ? 'over-limit' : 'malformed-cms', layer, error.message);
}
