// SPDX-License-Identifier: Apache-2.0
import type { Findings, Place, UnreadReason } from '../domain/findings.ts';

/** What came out of a mail: text to look through, or why there is none. */
export type Piece =
  { where: Place; text: string } | { where: Findings['unread'][number]['where']; because: UnreadReason };

export interface TextPiece {
  where: Place;
  text: string;
}

/** A file as it lay in a mail, an archive or a document. */
export interface PackedFile {
  bytes: Uint8Array;
  /** Media type without parameters, lower case; empty where nothing says it. */
  type: string;
  /** Of its text, as the mail says it. */
  charset?: string | undefined;
  /** How many messages, archives and documents it lies in. */
  depth: number;
}

/** Reads a file of any kind, and what is packed in it. */
export type ReadFile = (file: PackedFile) => AsyncGenerator<Piece>;

/** Where everything but the mail's own subject and text is. */
export const ATTACHMENT = 'attachment';

export const unreadAttachment = (because: UnreadReason): Piece => ({ where: ATTACHMENT, because });
