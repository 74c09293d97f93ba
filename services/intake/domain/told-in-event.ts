// SPDX-License-Identifier: Apache-2.0

/**
 * What an event repeats of a header whose fields may be a quarter of a megabyte long: a Kafka broker takes a message of
 * 1,048,588 octets, and of most of that the recipients may have need. The mail itself stays as it is.
 */

const MAX_SUBJECT = 1_000;
/** Octets of a line without its CRLF (RFC 5322 §2.1.1). A `msg-id` is of one line: nothing in it may be folded. */
const LONGEST_LINE = 998;

/** The first thousand characters (code points). */
export const subjectInEvent = (subject: string): string =>
  // A character is two units at most, and only what is looked at is taken apart.
  Array.from(subject.slice(0, 2 * MAX_SUBJECT + 1))
    .slice(0, MAX_SUBJECT)
    .join('');

/** Empty where it is longer than any can be: a part of one would name another mail. */
export const messageIdInEvent = (messageId: string): string =>
  Buffer.byteLength(messageId) > LONGEST_LINE ? '' : messageId;
