// SPDX-License-Identifier: Apache-2.0

/**
 * A place in a mail: its subject; its text; an attachment, which is also a message within it, a file within an archive
 * and the names of files.
 */
export type Place = 'subject' | 'text' | 'attachment';

/** Why something was not, or not wholly, looked at. */
export type UnreadReason =
  /** It needs a key or a password: S/MIME, PGP, PDF, Office, ZIP. */
  | 'encrypted'
  /** It is not what it says it is, is cut off, or breaks the rules of its format. */
  | 'broken'
  /** It has more octets, pages or text than the limits allow, or unpacks to more. */
  | 'too-large'
  /** It lies in too many messages, archives or multiparts. */
  | 'too-deep'
  /** The mail has more parts and packed files than the limits allow. */
  | 'too-many-parts'
  /** Nothing here can read this format. */
  | 'unknown-format'
  /** Nothing here can unpack this kind of archive. */
  | 'unknown-archive'
  /** Its text is in a character set or a transfer encoding that nothing here can read. */
  | 'unknown-charset'
  /** A picture, a sound, a film, a scanned page, a signature: if it shows text, that was not read. */
  | 'no-text'
  /** It took longer than the time limit, and was stopped. */
  | 'timeout'
  /** The process that looked at it ended, for want of memory or by a fault. */
  | 'crashed';

/** What was found in a mail, and what was not looked at. It never repeats the mail. */
export interface Findings {
  /** For each rule and place, how many different texts matched: the same number twice counts once. */
  found: { rule: string; where: Place; count: number }[];
  /** Each once, however many of its kind there are. `message`: the mail as a whole, or an unknown part of it. */
  unread: { where: 'message' | Place; because: UnreadReason }[];
}

export const UNREAD_REASONS = [
  'encrypted',
  'broken',
  'too-large',
  'too-deep',
  'too-many-parts',
  'unknown-format',
  'unknown-archive',
  'unknown-charset',
  'no-text',
  'timeout',
  'crashed',
] as const satisfies readonly UnreadReason[];

export const PLACES = ['subject', 'text', 'attachment'] as const satisfies readonly Place[];
