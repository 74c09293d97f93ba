// SPDX-License-Identifier: Apache-2.0

/** What one mail may take; what is beyond is told as unread. */
export interface Limits {
  /** Octets of the raw mail. @default 67108864 (64 MiB) */
  messageOctets: number;
  /** Octets that all its archives and documents together may unpack to. @default 134217728 (128 MiB) */
  unpackedOctets: number;
  /** UTF-16 units of text. @default 20000000 */
  textLength: number;
  /** Parts of the mail and packed files. @default 1000 */
  parts: number;
  /** Messages, archives and documents within each other. @default 8 */
  depth: number;
  /** Pages of a PDF document. @default 500 */
  pages: number;
}

export const DEFAULT_LIMITS: Limits = {
  messageOctets: 64 * 1_024 * 1_024,
  unpackedOctets: 128 * 1_024 * 1_024,
  textLength: 20_000_000,
  parts: 1_000,
  depth: 8,
  pages: 500,
};

/** What is left of the limits while a mail is read. */
export interface Budget {
  readonly limits: Limits;
  /** @returns whether one part more may be read. */
  takePart: () => boolean;
  /** @returns whether so many octets more may be unpacked; if not, none are taken. */
  takeOctets: (count: number) => boolean;
  /** Octets that may be unpacked yet. */
  octetsLeft: () => number;
  /** @returns how much of so much text may be looked through yet. */
  takeText: (length: number) => number;
}

export function budgetOf(limits: Limits): Budget {
  let parts = limits.parts;
  let octets = limits.unpackedOctets;
  let text = limits.textLength;
  return {
    limits,
    takePart: () => (parts -= 1) >= 0,
    takeOctets(count) {
      if (count > octets) return false;
      octets -= count;
      return true;
    },
    octetsLeft: () => octets,
    takeText(length) {
      const taken = Math.min(length, text);
      text -= taken;
      return taken;
    },
  };
}
