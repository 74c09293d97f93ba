// SPDX-License-Identifier: Apache-2.0
import { budgetOf, type Limits } from './budget.ts';
import { fileReader } from './file-pieces.ts';
import { messagePieces } from './message-pieces.ts';
import type { Piece } from './piece.ts';

const VISIBLE = /\S/u;

/**
 * All there is to read in a mail, and what could not be read. It throws nothing: what is wrong with the mail is a piece.
 *
 * @param mail a whole message (RFC 5322), at most `limits.messageOctets`.
 */
export async function* mailPieces(mail: Uint8Array, limits: Limits): AsyncGenerator<Piece> {
  const budget = budgetOf(limits);
  try {
    for await (const piece of messagePieces(mail, 0, budget, fileReader(budget))) {
      if ('text' in piece && !VISIBLE.test(piece.text)) continue;
      if (!('text' in piece) || budget.takeText(piece.text.length)) yield piece;
      else yield { where: piece.where, because: 'too-large' };
    }
  } catch {
    yield { where: 'message', because: 'broken' };
  }
}
