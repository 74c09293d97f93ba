// SPDX-License-Identifier: Apache-2.0
import { DEFAULT_LIMITS, type Limits } from '../extract/budget.ts';
import { mailPieces } from '../extract/mail-pieces.ts';

/** What came out of a mail: all text of each place, and what was unread as `place: reason`, each once. */
export interface Extracted {
  subject: string;
  text: string;
  attachment: string;
  unread: string[];
}

/** Extracts in this process, without a sandbox. */
export async function extract(mail: Uint8Array, limits: Partial<Limits> = {}): Promise<Extracted> {
  const extracted: Extracted = { subject: '', text: '', attachment: '', unread: [] };
  const unread = new Set<string>();
  for await (const piece of mailPieces(mail, { ...DEFAULT_LIMITS, ...limits })) {
    if ('text' in piece) extracted[piece.where] += `${piece.text}\n`;
    else unread.add(`${piece.where}: ${piece.because}`);
  }
  return { ...extracted, unread: [...unread] };
}
