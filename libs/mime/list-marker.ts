// SPDX-License-Identifier: Apache-2.0

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function roman(number: number): string {
  let [left, letters] = [number, ''];
  for (const [value, letter] of ROMAN) for (; left >= value; left -= value) letters += letter;
  return letters;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

function alphabetic(number: number): string {
  let [left, letters] = [number, ''];
  for (; left > 0; left = Math.floor((left - 1) / ALPHABET.length))
    letters = `${ALPHABET.charAt((left - 1) % ALPHABET.length)}${letters}`;
  return letters;
}

/** As CSS Counter Styles 3 has them: numbers beyond a system are decimal. Null: it has no numbers. */
function counted(number: number, style: string): string | null {
  const isSmall = number > 0 && number < 4_000;
  switch (style) {
    case 'disc':
    case 'circle':
    case 'square':
    case 'none':
      return null;
    case 'decimal-leading-zero':
      return `${number < 0 ? '-' : ''}${String(Math.abs(number)).padStart(2, '0')}`;
    case 'lower-alpha':
    case 'lower-latin':
      return number > 0 ? alphabetic(number) : String(number);
    case 'upper-alpha':
    case 'upper-latin':
      return number > 0 ? alphabetic(number).toUpperCase() : String(number);
    case 'lower-roman':
      return isSmall ? roman(number) : String(number);
    case 'upper-roman':
      return isSmall ? roman(number).toUpperCase() : String(number);
    default:
      return String(number);
  }
}

/** What stands before an item of a list in plain text. */
export function listMarker(number: number, style: string): string {
  const count = counted(number, style);
  if (count !== null) return `${count}. `;
  return style === 'none' ? '' : '- ';
}
