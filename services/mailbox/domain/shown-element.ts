// SPDX-License-Identifier: Apache-2.0
import {
  declarationsIn,
  linesOfText,
  listNumber,
  listStyleOf,
  symbolFontOf,
  type SymbolFont,
} from '@securemail/mime';
import { PAPER, readableColours, type Colours } from './readable-colours.ts';

const LENGTH = /^\d{1,4}(\.\d{1,3})?(px|pt|em|rem|%)$/i;
/** As they are written here. */
const COLOUR = /^#[0-9a-f]{6}$/;
const WORD = /^[a-z-]{1,20}$/i;
const LINES = /^[a-z-]{4,12}( [a-z-]{4,12}){0,2}$/;

/** Nothing that has an address, moves out of its place, or makes something unseen. */
export const STYLES: Record<string, RegExp[]> = {
  color: [COLOUR],
  'background-color': [COLOUR],
  'text-decoration': [LINES],
  'list-style-type': [WORD],
  'font-weight': [/^([1-9]00|bold|normal|bolder|lighter)$/i],
  'font-style': [WORD],
  'text-align': [WORD],
  'vertical-align': [WORD],
  width: [LENGTH],
  'border-collapse': [WORD],
};
/** Of which something else is written than what stood there. */
const WRITTEN_HERE = new Set(['color', 'background-color', 'text-decoration', 'list-style-type']);

/** Characters; what is longer is read in time by the square of it. */
const LONGEST_STYLE = 10_000;
const WITH_GROUND = new Set(['body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th']);
const LISTS = new Set(['ol', 'ul', 'li']);

/** What holds within an element. */
export interface Within {
  colours: Colours;
  font: SymbolFont | null;
}
export const PAGE: Within = { colours: PAPER, font: null };

interface Shown {
  tagName: string;
  attribs: Record<string, string>;
  within: Within;
}

/**
 * An element with what its reader has to see of it, in the one way in which that is written here. Of `body` nothing but its
 * colours is left.
 *
 * @param isShown false: only what stands in it is.
 */
export function shownElement(
  element: string,
  { style: written = '', bgcolor, face, color, text, type, start, value, ...attribs }: Record<string, string>,
  around: Within,
  isShown: boolean,
): Shown {
  const style = written.length > LONGEST_STYLE ? [] : declarationsIn(written);
  const ownFont = symbolFontOf(style, element === 'font' ? face : undefined);
  const font = ownFont === undefined ? around.font : ownFont;
  const isBody = element === 'body';
  if (!isShown && !isBody) return { tagName: element, attribs, within: { ...around, font } };
  const letters = element === 'font' ? color : isBody ? text : undefined;
  const ground = WITH_GROUND.has(element) ? bgcolor : undefined;
  const { own, within } = readableColours(element, { style, letters, ground }, around.colours);
  const lines = linesOfText(style);
  const listStyle = LISTS.has(element) ? listStyleOf(style, type) : null;
  const declarations = [
    ...(own.letters === undefined ? [] : [`color:${own.letters}`]),
    ...(own.ground === undefined ? [] : [`background-color:${own.ground}`]),
    ...style
      .filter(([property, says]) => !WRITTEN_HERE.has(property) && isAllowed(property, says))
      .map(([property, says]) => `${property}:${says}`),
    ...(lines === null ? [] : [`text-decoration:${lines.join(' ') || 'none'}`]),
    ...(listStyle === null ? [] : [`list-style-type:${listStyle}`]),
  ];
  const number = listNumber(element === 'ol' ? start : element === 'li' ? value : undefined);
  return {
    tagName: isBody && declarations.length > 0 ? 'div' : element,
    attribs: {
      ...attribs,
      ...(number === null ? {} : { [element === 'ol' ? 'start' : 'value']: String(number) }),
      ...(declarations.length === 0 ? {} : { style: declarations.join(';') }),
    },
    within: { colours: within, font },
  };
}

const isAllowed = (property: string, says: string): boolean =>
  Object.hasOwn(STYLES, property) && (STYLES[property]?.some((form) => form.test(says)) ?? false);
