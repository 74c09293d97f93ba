// SPDX-License-Identifier: Apache-2.0

const MIB = 1024 * 1024;

/** What a file of a stranger may cost at most. What is over it is not read, and does not hold. */
export const LIMITS = {
  mailOctets: 256 * MIB,
  pdfOctets: 10 * MIB,
  jwsCharacters: MIB,
  /** Candidates in one PDF; we write one. */
  jwsInPdf: 4,
  certificates: 50,
  parts: 2_000,
  depth: 20,
  /** Of a PDF that somebody saved anew, and is read by PDF.js. */
  readings: 4,
  readerMs: 10_000,
  readerHeapMegabytes: 256,
} as const;
