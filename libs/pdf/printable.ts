// SPDX-License-Identifier: Apache-2.0
import type { Font } from 'fontkit';

/** What turns the direction of text or is not seen could make one address look like another. */
const UNSEEN = /[\p{Cf}\p{Cs}\p{Co}\ufe00-\ufe0f]/gu;
/** A white square: something stands here that the font does not know. */
const UNKNOWN = '□';

/** Most of what is written. */
const PLAIN = /^[\x20-\x7e]*$/;

export interface Printable {
  readonly shown: string;
  /** The text itself, for whoever listens or copies, where what is shown is not all of it; else null. */
  readonly actual: string | null;
  readonly hasUnknown: boolean;
}

/** Text that a font can show: PDF/UA-1 and PDF/A-3 allow no glyph that stands for a missing one. */
export function printable(text: string, font: Font): Printable {
  if (PLAIN.test(text)) return { shown: text, actual: null, hasUnknown: false };
  const actual = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(UNSEEN, '');
  const shown = Array.from(actual, (character) =>
    font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : UNKNOWN,
  ).join('');
  return { shown, actual: shown === actual ? null : actual, hasUnknown: shown !== actual };
}
