// SPDX-License-Identifier: Apache-2.0

/** What a file is to be verified by. */
export interface Order {
  file: File;
  /** Public keys, one a line. */
  keys: string;
}

export type Word =
  | { kind: 'progress'; octets: number }
  | { kind: 'verdict'; isVerified: boolean; lines: (readonly [about: string, text: string])[] }
  /** There is no verdict: why, in a sentence. */
  | { kind: 'failed'; text: string };
