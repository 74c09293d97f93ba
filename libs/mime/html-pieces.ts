// SPDX-License-Identifier: Apache-2.0
import { Parser } from 'htmlparser2';

/** Of all HTML in one mail; a table of fifty thousand cells has as many. */
export const MOST_PIECES = 250_000;
/** Elements in each other. Browsers show none that lie deeper (Chromium: 512); parsers take time by the square of it. */
const DEEPEST = 500;
const SLICE = 16_384;

/**
 * How much HTML is to whoever parses it: its tags, comments, entities and attributes. Takes time by its length, or less.
 *
 * @returns null where it is more than `most`, or where elements lie deeper in each other than anybody shows them.
 */
export function piecesIn(html: string, most: number = MOST_PIECES): number | null {
  let pieces = 0;
  let depth = 0;
  let deepest = 0;
  const parser = new Parser({
    onopentagname() {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    onclosetag() {
      depth -= 1;
    },
    onattribute() {
      pieces += 1;
    },
  });
  for (let at = 0; at < html.length; at += SLICE) {
    const slice = html.slice(at, at + SLICE);
    pieces += slice.match(/[<&]/g)?.length ?? 0;
    parser.write(slice);
    if (pieces > most || deepest > DEEPEST) return null;
  }
  return pieces;
}
