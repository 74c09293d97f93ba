// SPDX-License-Identifier: Apache-2.0

/** Characters; what is longer, or more than a line, is a text of its own. */
const LONGEST = 100;
const PLAIN = '0123456789+-=()';
const SIGNS = {
  sup: { of: '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾', mark: '^' },
  sub: { of: '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎', mark: '_' },
} as const;

/**
 * What stands above or below the line, as 10⁶ and H₂O do: without that it would be another number. Letters alone go on
 * with the word before, as in 1st; for all else that has no such sign, there is a mark before it.
 */
export function raised(text: string, element: 'sup' | 'sub'): string {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > LONGEST || trimmed.includes('\n') || /^\p{L}+\.?$/u.test(trimmed))
    return text;
  const { of, mark } = SIGNS[element];
  const written = trimmed.replaceAll('−', '-');
  if (/^[0-9+\-=()]+$/.test(written))
    return text.replace(
      trimmed,
      written.replaceAll(/./g, (character) => of.charAt(PLAIN.indexOf(character))),
    );
  return text.replace(trimmed, () => (/^\S+$/.test(trimmed) ? `${mark}${trimmed}` : `${mark}(${trimmed})`));
}
