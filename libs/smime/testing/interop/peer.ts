// SPDX-License-Identifier: Apache-2.0
import type { Person } from './people.ts';
import type { EncryptedLayer, SignedLayer } from './rows.ts';

/** Another S/MIME implementation. Each method rejects with PeerRefused where the peer says no. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** What a SignedData holds, once its signatures are good. @param content where it is detached. */
  verify(cms: Buffer, content: Buffer | null): Promise<Buffer>;
  /** What an EnvelopedData or AuthEnvelopedData holds. */
  decrypt(cms: Buffer, reader: Person): Promise<Buffer>;
  /** A SignedData. @throws NotOffered */
  sign(content: Buffer, signer: Person, layer: Omit<SignedLayer, 'kind' | 'by'>): Promise<Buffer>;
  /** An EnvelopedData or AuthEnvelopedData. @throws NotOffered */
  encrypt(
    content: Buffer,
    recipients: readonly Recipient[],
    contentEncryption: EncryptedLayer['contentEncryption'],
  ): Promise<Buffer>;
  close(): Promise<void>;
}

export interface Recipient {
  readonly person: Person;
  readonly keyEncryption: EncryptedLayer['recipients'][number]['keyEncryption'];
}

/** The peer was asked and said no: the message is what it says. */
export class PeerRefused extends Error {
  override name = 'PeerRefused';
}

/** The peer cannot be asked for this: the message says why. */
export class NotOffered extends Error {
  override name = 'NotOffered';
}
