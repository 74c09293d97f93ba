// SPDX-License-Identifier: Apache-2.0
import { verifyExport } from './export/verify.ts';
import { newVerdict, refused, type Verdict } from './export/verdict.ts';
import { PROOF_BEGINS, verifyProofs } from './proof-file.ts';
import { concat } from './octets.ts';
import type { NoteVerifier } from './signed-note.ts';

/** Thousands of proofs are less. Octets. */
const LARGEST_PROOFS = 16 * 1024 * 1024;

/** Whether a file of either kind, an export or proofs, is as the ledger gave it. @param octets from whoever. */
export async function verifyFile(
  octets: AsyncIterable<Uint8Array>,
  verifiers: readonly NoteVerifier[],
): Promise<Verdict> {
  const begun: Uint8Array[] = [];
  const source = octets[Symbol.asyncIterator]();
  while (size(begun) < PROOF_BEGINS.length) {
    const next = await source.next();
    if (next.done === true) break;
    begun.push(next.value);
  }
  const whole = async function* () {
    yield* begun;
    yield* { [Symbol.asyncIterator]: () => source };
  };
  // Line ends may have been changed under way.
  const begins = PROOF_BEGINS.trimEnd();
  if (!UTF_8.decode(concat(...begun)).startsWith(begins)) return verifyExport(whole(), verifiers);
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of whole()) {
    all.push(chunk);
    length += chunk.length;
    if (length > LARGEST_PROOFS) return tooLarge();
  }
  return verifyProofs(UTF_8.decode(concat(...all)), verifiers);
}

/** Nothing is said of a part of a file. */
function tooLarge(): Verdict {
  const verdict = newVerdict();
  const text = `These are more proofs than are looked at: ${LARGEST_PROOFS} octets at most.`;
  refused(verdict, { kind: 'unreadable', line: null, leaf: null, eventId: null, text });
  return { ...verdict, isVerified: false };
}

// A mark that a text begins with belongs to it, as every octet of a file does.
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

const size = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { length }) => sum + length, 0);
