// SPDX-License-Identifier: Apache-2.0
import type { Texts } from '../texts/certificate/texts.ts';

/** More are counted: what has to be read stands behind them. */
const SHOWN = 12;

/** Names one after the other. */
export function listed(words: readonly string[], { more, nobody }: Texts): string {
  if (words.length === 0) return nobody;
  const rest = words.length - SHOWN;
  return [words.slice(0, SHOWN).join(', '), ...(rest > 0 ? [more.replace('%n', String(rest))] : [])].join(
    ' ',
  );
}
