// SPDX-License-Identifier: Apache-2.0

const BEGINS = /^BEGIN:V(?:CALENDAR|CARD)/iu;

/** Whether a text is a calendar (RFC 5545) or a card (RFC 6350). */
export const isOfFoldedLines = (start: string): boolean => BEGINS.test(start);

/** Its lines whole: one that begins with a space goes on (RFC 5545 §3.1, RFC 6350 §3.2). */
export const unfolded = (text: string): string => text.replace(/\r?\n[ \t]/gu, '');

/** What stands encoded in lines of it: files that are attached, and text as vCard 2.1 writes it. */
export function* encodedIn(lines: string): Generator<Buffer> {
  // A line of quoted-printable goes on behind a `=`, without a space.
  for (const line of lines.replace(/=\r?\n/gu, '=\n').split(/(?<!=)\r?\n/u)) {
    const head = line.slice(0, line.indexOf(':')).toUpperCase();
    // No base64 has a colon in it, and a quoted parameter may.
    if (/[;=](?:BASE64|B)(?:;|$)/u.test(head))
      yield Buffer.from(line.slice(line.lastIndexOf(':') + 1), 'base64');
    else if (/[;=]QUOTED-PRINTABLE(?:;|$)/u.test(head))
      yield fromQuotedPrintable(line.slice(head.length + 1));
  }
}

/** RFC 2045 §6.7. */
const fromQuotedPrintable = (value: string): Buffer =>
  Buffer.from(
    Buffer.from(value.replaceAll('=\n', ''))
      .toString('latin1')
      .replace(/=([0-9a-f]{2})/giu, (_, octet: string) => String.fromCharCode(Number.parseInt(octet, 16))),
    'latin1',
  );
