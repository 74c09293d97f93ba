// SPDX-License-Identifier: Apache-2.0

/** Fonts in which a letter is another sign, as Word writes boxes, arrows and the dots of lists. */
export type SymbolFont = 'wingdings' | 'symbol';

/** https://www.unicode.org/L2/L2011/11052r-wingding.pdf: what forms and lists are made of. */
const WINGDINGS: Record<number, string> = {
  0x4a: '☺',
  0x4c: '☹',
  0x6c: '●',
  0x6e: '■',
  0x6f: '□',
  0x71: '❑',
  0x76: '❖',
  0x78: '☒',
  0xa7: '▪',
  0xa8: '☐',
  0xd8: '➢',
  0xdf: '←',
  0xe0: '→',
  0xe1: '↑',
  0xe2: '↓',
  0xe8: '➔',
  0xf0: '⇨',
  0xfb: '✗',
  0xfc: '✓',
  0xfd: '☒',
  0xfe: '☑',
};
/** https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt */
const SYMBOL: Record<number, string> = {
  0xa3: '≤',
  0xae: '→',
  0xb0: '°',
  0xb1: '±',
  0xb3: '≥',
  0xb4: '×',
  0xb7: '•',
  0xb9: '≠',
  0xde: '⇒',
};
const TABLES = { wingdings: WINGDINGS, symbol: SYMBOL };
/** Where such fonts have their signs in Unicode. */
const PRIVATE_USE = 0xf000;

/** Text of such a font, in Unicode; signs that are in no table stay as they are. */
export const inUnicode = (text: string, font: SymbolFont): string =>
  text.replaceAll(/[A-Za-z\u00a0-\u00ff\uf020-\uf0ff]/g, (letter) => {
    const code = letter.charCodeAt(0);
    return TABLES[font][code >= PRIVATE_USE ? code - PRIVATE_USE : code] ?? letter;
  });

/** The font of a list of names, the first of which counts; null: one of letters. */
export function symbolFontIn(names: string): SymbolFont | null {
  const [, name] = /^[\s"']*(wingdings|symbol)[\s"']*(?:,|$)/i.exec(names) ?? [];
  return name === undefined ? null : (name.toLowerCase() as SymbolFont);
}
