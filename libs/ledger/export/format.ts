// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { HASH_OCTETS, type Hash } from '../hash.ts';
import { base64, octetsIn } from '../octets.ts';
import { TILE_WIDTH } from '../tiles.ts';

/** docs/audit-format.md says all of it. */
export const FORMAT = 'securemail-audit-export/1';

const Hashes = z.string().transform((text, context): Uint8Array => {
  const octets = octetsIn(text);
  if (octets !== null) return octets;
  context.issues.push({ code: 'custom', input: text, message: 'is not base64' });
  return z.NEVER;
});
const OneHash = Hashes.refine(({ length }) => length === HASH_OCTETS);
const Count = z.int().nonnegative();

/** What is exported: all that was recorded in a time, or one email. */
const Range = z.strictObject({
  kind: z.literal('range'),
  /** Recorded from then on; null: from the beginning. */
  from: z.iso.datetime().nullable(),
  /** Recorded before then; null: to the end. */
  to: z.iso.datetime().nullable(),
  /** The first leaf; with the one before `from`, and the one after `to`, where there are such. */
  first: Count,
  count: Count,
});
const OfEmail = z.strictObject({ kind: z.literal('email'), emailId: z.uuid(), count: Count });
export const Scope = z.discriminatedUnion('kind', [Range, OfEmail]);
export type Scope = z.infer<typeof Scope>;

export const Header = z.strictObject({
  format: z.literal(FORMAT),
  exportedtime: z.iso.datetime(),
  scope: Scope,
  /** A signed note. */
  checkpoint: z.string().max(10_000),
});
export type Header = z.infer<typeof Header>;

/** Of a whole tile, as base64. */
const LONGEST_HASHES = Math.ceil((TILE_WIDTH * HASH_OCTETS) / 3) * 4;

/** The leaves of one tile, and which of them follow, a line each. */
export const TileLine = z.strictObject({
  tile: Count,
  /** The hashes of all its leaves, as of the checkpoint. */
  hashes: z.string().max(LONGEST_HASHES).pipe(Hashes),
  /** That the tile is in the tree of all tiles. */
  proof: z.array(OneHash).max(64),
  /** Where in the tile, and how many in a row. */
  leaves: z.array(z.tuple([Count, z.int().positive().max(TILE_WIDTH)])).max(TILE_WIDTH),
});
export type TileLine = z.infer<typeof TileLine>;

export const EndLine = z.strictObject({ end: z.string().max(10_000) });
/** @param note over {@link endText}. */
export const endLine = (note: string): string => `${JSON.stringify({ end: note })}\n`;

/** What is signed of a file. @param sha256 of all octets before the last line. */
export const endText = (origin: string, lines: number, sha256: Hash): string =>
  `${FORMAT}\n${origin}\n${lines}\n${base64(sha256)}\n`;
