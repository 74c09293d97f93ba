// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/**
 * Controls, ends of lines, halves of pairs, what Unicode gives no meaning, what turns the direction of others round,
 * and what is not seen. Joiners and the selector of emoji belong to what stands before them, as scripts need them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u2800]|(?![\u200c\u200d\ufe0f])\p{Default_Ignorable_Code_Point}|(?<![^\s\p{Default_Ignorable_Code_Point}]\ufe0f?)[\u200c\u200d\ufe0f]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

const PLAIN = 'on one line, without characters that can’t be seen or turn others round';

/** Text on one line, as it may stand in the header of a mail, in an answer of SMTP, and on a page. */
export const plainLine = () =>
  z
    .string()
    .trim()
    .refine((text) => !UNSEEN.test(text), PLAIN);

/** What is left of a text that others wrote, once it may stand on one line. */
export function asPlainLine(text: string, most: number): string {
  let plain = text;
  // What stands alone once something beside it is gone goes, too.
  for (let before = ''; before !== plain;) {
    before = plain;
    plain = Array.from(plain.trim()).slice(0, most).join('').replace(new RegExp(UNSEEN, 'gu'), '');
  }
  return plain.trim();
}

/** What something is called. */
export const label = (most: number) =>
  plainLine()
    .max(most)
    .refine((text) => LETTER_OR_DIGIT.test(text), 'with at least one letter or digit');

/** Text on lines. */
export const plainText = () =>
  z
    .string()
    .trim()
    .refine(
      (text) => text.split(/\r?\n|\t/).every((line) => !UNSEEN.test(line)),
      'without characters that can’t be seen or turn others round',
    );
