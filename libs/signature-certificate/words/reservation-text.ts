// SPDX-License-Identifier: Apache-2.0
import type { Texts } from '../texts/certificate/texts.ts';

/** @returns the code itself where another version had words for it. */
export const reservationText = (code: string, { reservation }: Texts): string =>
  Object.hasOwn(reservation, code) ? reservation[code as keyof typeof reservation] : code;

/** Words first, with the codes that other programs know. */
export const withCodes = (codes: readonly string[], texts: Texts): string =>
  codes
    .map((code) => {
      const text = reservationText(code, texts);
      return text === code ? code : `${text} (${code})`;
    })
    .join(' ');
