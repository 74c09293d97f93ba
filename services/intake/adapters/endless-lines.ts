// SPDX-License-Identifier: Apache-2.0

/** RFC 5322 §2.1.1 has 998 octets; what programs write is far below this, too. */
const LONGEST_LINE = 64 * 1024;
const LF = 0x0a;

/**
 * Tells, piece by piece, whether a line has become longer than any that a program writes. mailauth holds a line in memory,
 * and reads it from its beginning with each piece that comes.
 */
export function endlessLines(): (piece: Buffer) => boolean {
  let length = 0;
  return (piece) => {
    let start = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, start)) {
      if (length + end + 1 - start > LONGEST_LINE) return true;
      length = 0;
      start = end + 1;
    }
    length += piece.length - start;
    return length > LONGEST_LINE;
  };
}
