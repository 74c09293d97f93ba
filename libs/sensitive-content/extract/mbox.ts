// SPDX-License-Identifier: Apache-2.0

/** RFC 4155: each message has a line before it that is none of its header. */
const BEGIN = String.raw`From [^\n]*\n(?=>?[!-9;-~]+:)`;
const MBOX = new RegExp(String.raw`^${BEGIN}(?:>?[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}`, 'u');
const BEGINS = new RegExp(String.raw`(?<=^|\n\r?\n)${BEGIN}`, 'gu');

/** Whether a file that begins so is a folder of mails, as mail programs keep and export it. */
export const isMbox = (start: string): boolean => MBOX.test(start);

/** The messages of a folder, one after the other. */
export function messagesIn(bytes: Uint8Array): Uint8Array[] {
  // As Latin-1 each octet is a character, so that places are the same.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const begins = [...text.matchAll(BEGINS)];
  return begins.map(({ 0: line, index }, i) => bytes.subarray(index + line.length, begins[i + 1]?.index));
}
