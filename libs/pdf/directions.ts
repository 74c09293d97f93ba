// SPDX-License-Identifier: Apache-2.0
import bidiFactory from 'bidi-js';

/** Scripts whose words fontkit lays out from right to left: those of them that the font has letters of. */
const SCRIPT = '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Nko}';
const RIGHT_TO_LEFT = new RegExp(`[${SCRIPT}]`, 'u');
/** A script of its own is what fontkit takes the direction of a piece from; the first letter that has one says it. */
const LAID_RIGHT_TO_LEFT = new RegExp(`^[\\p{Script=Common}\\p{Script=Inherited}]*[${SCRIPT}]`, 'u');

// Its types are those of its ES module; Node loads the other, which is the function itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();

export interface Directions {
  /** Where its first letter that has a direction says so: its lines begin at the right (UAX #9 §3.3.1). */
  readonly fromRight: boolean;
  /** What stands in the line from `start` until before `end`, from the left to the right, each to be laid out as a whole. */
  readonly pieces: (start: number, end: number) => string[];
}

/**
 * Where what stands in each line of a paragraph, by the Unicode Bidirectional Algorithm (UAX #9), which pdfkit does not
 * know: it puts one word to the right of the other. Null where every word goes from left to right. Mind that `text` may
 * hold nothing that sets directions: see `printable`. With `ltr`, words of a line stand from the left, whichever is first.
 */
export function directionsOf(text: string, base: 'auto' | 'ltr'): Directions | null {
  if (!RIGHT_TO_LEFT.test(text)) return null;
  const { levels, paragraphs } = bidi.getEmbeddingLevels(text, base);
  const level = paragraphs[0]?.level ?? 0;
  return {
    fromRight: level === 1,
    pieces: (start, end) => piecesOf(text.slice(start, end), levels.slice(start, end), level),
  };
}

function piecesOf(line: string, levels: Uint8Array, level: number): string[] {
  const embedding = { levels, paragraphs: [{ start: 0, end: line.length - 1, level }] };
  const pieces: { first: number; last: number; isRight: boolean }[] = [];
  for (const at of bidi.getReorderedIndices(line, embedding)) {
    const isRight = (levels[at] ?? level) % 2 === 1;
    const piece = pieces.at(-1);
    if (piece?.isRight === isRight && at === (isRight ? piece.first - 1 : piece.last + 1)) {
      if (isRight) piece.first = at;
      else piece.last = at;
    } else pieces.push({ first: at, last: at, isRight });
  }
  return pieces.map(({ first, last, isRight }) => asLaidOut(line.slice(first, last + 1), isRight));
}

/** A piece such that fontkit, which knows scripts and not levels, shows it in its direction, and its brackets mirrored. */
function asLaidOut(piece: string, isRight: boolean): string {
  const characters = Array.from(piece, (each) =>
    isRight ? (bidi.getMirroredCharacter(each) ?? each) : each,
  );
  if (LAID_RIGHT_TO_LEFT.test(piece) !== isRight) characters.reverse();
  return characters.join('');
}
