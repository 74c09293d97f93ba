// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises';
import {
  PROOF_BEGINS,
  verifyConsistency,
  type Checkpoint,
  type ConsistencyVerdict,
  type NoteVerifier,
} from '@securemail/ledger';

/**
 * Holds every checkpoint that a file goes by against the one that somebody kept.
 *
 * @param proofs what proves that the one begins with the other; of several checkpoints each may need its own.
 * @returns a verdict on each.
 */
export function heldAgainst(
  kept: string,
  checkpoints: readonly Checkpoint[],
  proofs: readonly string[],
  verifiers: readonly NoteVerifier[],
): ConsistencyVerdict[] {
  return checkpoints.map((latter) => {
    const verdictWith = (file: string | null) => verifyConsistency(file, verifiers, { kept, latter });
    const alone = verdictWith(null);
    // Nothing has to be proven, or nothing proves it.
    if (alone.isVerified || !alone.isOpen) return alone;
    const each = proofs.map(verdictWith);
    return each.find(({ isVerified }) => isVerified) ?? each[0] ?? alone;
  });
}

/** A header, or the notes of a proof, are shorter. Octets. */
const LONGEST_BEGIN = 64 * 1024;

/** The note of a checkpoint, of which the file is one; or an export, or proofs, whose first is meant. */
export async function noteIn(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_BEGIN), 0, LONGEST_BEGIN, 0);
    const text = buffer.subarray(0, bytesRead).toString().replaceAll('\r\n', '\n');
    if (text.startsWith('{')) return headerNote(text.slice(0, text.indexOf('\n') + 1));
    if (!text.startsWith(PROOF_BEGINS)) return text;
    const [first = ''] = text.slice(PROOF_BEGINS.length).split(`\n${PROOF_BEGINS}`);
    return `${first.slice(first.indexOf('\n\n') + 2).trimEnd()}\n`;
  } finally {
    await file.close();
  }
}

/** Nothing, where it is no header. */
function headerNote(line: string): string {
  try {
    const { checkpoint } = JSON.parse(line) as { checkpoint?: unknown };
    return typeof checkpoint === 'string' ? checkpoint : '';
  } catch {
    return '';
  }
}
