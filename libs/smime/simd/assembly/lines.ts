// SPDX-License-Identifier: Apache-2.0

/**
 * AssemblyScript, which `npm run wasm` compiles to `../lines.wasm`: what has to be done to every octet of a mail,
 * sixteen at a time. `../lines.ts` calls it and says what for.
 *
 * Each function may read and write up to 16 octets behind what it was given. Constants come from memory once, before
 * a loop: V8 builds those in the code anew for each use, which takes four times as long as all the rest.
 */

/** Octets to a line of 76 columns (RFC 2045 §6.8). */
const OCTETS: usize = 57;
const CR: u8 = 0x0d;
const LF: u8 = 0x0a;
const CRLF: u16 = 0x0a0d;

/** From here on the memory is the caller's. */
export function free(): usize {
  return __heap_base;
}

// prettier-ignore
const ENCODING = memory.data<i8>([
  // Three octets become a number of 24 bits, and that four of six.
  2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1,
  0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0,
  0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0,
  0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0,
  0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f,
  // What makes a digit of six bits, by group: a-z, ten of 0-9, +, /, A-Z.
  51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51,
  26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26, 26,
  13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13,
  71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0,
]);

/** Base64 of whole lines: `length` is a multiple of 57. @returns where the text ends. */
export function encodeLines(from: usize, length: usize, to: usize): usize {
  const threes = v128.load(ENCODING);
  const first = v128.load(ENCODING, 16);
  const second = v128.load(ENCODING, 32);
  const third = v128.load(ENCODING, 48);
  const fourth = v128.load(ENCODING, 64);
  const beforeDigits = v128.load(ENCODING, 80);
  const capitals = v128.load(ENCODING, 96);
  const groupOfCapitals = v128.load(ENCODING, 112);
  const groups = v128.load(ENCODING, 128);
  for (const end = from + length; from < end; from += OCTETS) {
    for (let at: usize = 0; at < OCTETS; at += 12, to += 16) {
      const bits = i8x16.relaxed_swizzle(v128.load(from + at), threes);
      const six = v128.or(
        v128.or(v128.and(i32x4.shr_u(bits, 18), first), v128.and(i32x4.shr_u(bits, 4), second)),
        v128.or(v128.and(i32x4.shl(bits, 10), third), v128.and(i32x4.shl(bits, 24), fourth)),
      );
      const group = v128.or(
        i8x16.sub_sat_u(six, beforeDigits),
        v128.and(i8x16.gt_s(capitals, six), groupOfCapitals),
      );
      v128.store(to, i8x16.add(six, i8x16.relaxed_swizzle(groups, group)));
    }
    // Sixty octets were read where the line has 57.
    to -= 4;
    store<u16>(to, CRLF);
    to += 2;
  }
  return to;
}

// prettier-ignore
const DECODING = memory.data<i8>([
  0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f,
  // A character is no digit where what its low and its high half give here have a bit in common.
  0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
  0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
  // What makes six bits of a digit, by its high half; that of / counts one less.
  0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f, 0x2f,
  0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,
  // Four of six bits become a number of 24, and that three octets.
  0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0,
  0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0,
  0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0x3f, 0,
  2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
]);

/**
 * Octets of lines that have `columns` digits each, a multiple of 4 from 16 on, and then CRLF, or LF alone. Digits are
 * told by the halves of their octets, after Muła and Lemire, "Faster Base64 Encoding and Decoding Using AVX2
 * Instructions" (ACM Transactions on the Web 12, 2018).
 *
 * @returns how many of the lines from the first on are that and nothing else.
 */
export function decodeLines(from: usize, length: usize, columns: usize, crlf: bool, to: usize): usize {
  const low = v128.load(DECODING);
  const byLow = v128.load(DECODING, 16);
  const byHigh = v128.load(DECODING, 32);
  const slash = v128.load(DECODING, 48);
  const ranges = v128.load(DECODING, 64);
  const first = v128.load(DECODING, 80);
  const second = v128.load(DECODING, 96);
  const third = v128.load(DECODING, 112);
  const octets = v128.load(DECODING, 128);
  const line = columns + (crlf ? 2 : 1);
  let lines: usize = 0;
  for (const end = from + length; from + line <= end; from += line) {
    if (load<u8>(from + line - 1) != LF || (crlf && load<u8>(from + columns) != CR)) break;
    let errors = v128.xor(low, low);
    for (let left: isize = columns; left > 0; left -= 16) {
      // The last sixteen digits of a line overlap with those before them.
      const at = columns - max(left, 16);
      const text = v128.load(from + at);
      // There is no instruction that shifts octets.
      const high = v128.and(i32x4.shr_u(text, 4), low);
      errors = v128.or(
        errors,
        v128.and(i8x16.relaxed_swizzle(byLow, v128.and(text, low)), i8x16.relaxed_swizzle(byHigh, high)),
      );
      const range = i8x16.add(high, i8x16.eq(text, slash));
      const six = i8x16.add(text, i8x16.relaxed_swizzle(ranges, range));
      const bits = v128.or(
        v128.or(i32x4.shl(v128.and(six, first), 18), i32x4.shl(v128.and(six, second), 4)),
        v128.or(i32x4.shr_u(v128.and(six, third), 10), i32x4.shr_u(six, 24)),
      );
      v128.store(to + (at >> 2) * 3, i8x16.relaxed_swizzle(bits, octets));
    }
    if (v128.any_true(errors)) break;
    to += (columns >> 2) * 3;
    lines += 1;
  }
  return lines;
}

// prettier-ignore
const SEARCHING = memory.data<u8>([
  0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a,
  0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d, 0x0d,
  0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d, 0x2d,
]);

/** What the last `findLine` saw: an LF without a CR before it. */
export let bareLf: bool = false;

/**
 * Looks for an LF behind which `start` stands, two dashes first. The octet before `from` is looked at, too: it may be
 * a CR.
 *
 * @returns where the LF is, counted from `from`; -1 where there is none.
 */
export function findLine(from: usize, length: usize, start: usize, startLength: usize): i32 {
  const lf = v128.load(SEARCHING);
  const cr = v128.load(SEARCHING, 16);
  const dash = v128.load(SEARCHING, 32);
  const end = from + length;
  let bare = v128.xor(lf, lf);
  bareLf = false;
  for (let at = from; at < end; at += 16) {
    const isLf = i8x16.eq(v128.load(at), lf);
    const bareHere = v128.andnot(isLf, i8x16.eq(v128.load(at - 1), cr));
    const dashes = v128.and(i8x16.eq(v128.load(at + 1), dash), i8x16.eq(v128.load(at + 2), dash));
    const found = v128.and(isLf, dashes);
    const isLast = at + 16 >= end;
    if (v128.any_true(found) || isLast) {
      const bareMask = i8x16.bitmask(bareHere);
      for (let mask = i8x16.bitmask(found); mask != 0; mask &= mask - 1) {
        const place = ctz(mask);
        const behind = at + place + 1;
        if (behind + startLength > end || memory.compare(behind, start, startLength) != 0) continue;
        bareLf = v128.any_true(bare) || (bareMask & ((1 << place) - 1)) != 0;
        return i32(behind - 1 - from);
      }
      if (isLast) {
        bareLf = v128.any_true(bare) || (bareMask & ((1 << i32(end - at)) - 1)) != 0;
        break;
      }
    }
    bare = v128.or(bare, bareHere);
  }
  return -1;
}
