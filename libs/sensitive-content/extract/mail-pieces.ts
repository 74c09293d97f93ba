// SPDX-License-Identifier: Apache-2.0
import { budgetOf, type Budget, type Limits } from './budget.ts';
import { fileReader } from './file-pieces.ts';
import { messagePieces } from './message-pieces.ts';
import type { Piece, TextPiece } from './piece.ts';

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
      if (!('text' in piece)) yield piece;
      else if (VISIBLE.test(piece.text)) yield* withinBudget(piece, budget);
    }
  } catch {
    yield { where: 'message', because: 'broken' };
  }
}

function* withinBudget({ where, text }: TextPiece, budget: Budget): Generator<Piece> {
  const length = budget.takeText(text.length);
  yield { where, text: length < text.length ? text.slice(0, length) : text };
  if (length < text.length) yield { where, because: 'too-large' };
}
