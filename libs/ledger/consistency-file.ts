// SPDX-License-Identifier: Apache-2.0
import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { Hash } from './hash.ts';
import { hashesInLines, hashLines } from './hash-lines.ts';
import { isSame } from './octets.ts';
import { isConsistent } from './proofs.ts';
import { isSignedBy, openNote, type NoteVerifier, type OpenedNote } from './signed-note.ts';

/** With what a proof of consistency begins; C2SP has none for a file. */
export const CONSISTENCY_BEGINS = 'securemail-ledger-consistency/1\n';

export interface ConsistencyProof {
  /** Leaves of the former tree. */
  former: number;
  /** RFC 9162 §2.1.4.1. */
  proof: readonly Hash[];
  /** The later checkpoint, signed. */
  note: string;
}

export const consistencyText = ({ former, proof, note }: ConsistencyProof): string =>
  `${CONSISTENCY_BEGINS}former ${former}\n${hashLines(proof)}\n${note}`;

export interface ConsistencyVerdict {
  isVerified: boolean;
  /** What somebody kept; null where it is no checkpoint that is signed. */
  kept: Checkpoint | null;
  /** Of which the file says that it begins with that. */
  latter: Checkpoint | null;
  /** Of those who were asked for: which witnesses say that they saw what was kept, and when. */
  seenBy: OpenedNote['signedBy'];
  /** A sentence; null where nothing is wrong. */
  fault: string | null;
  /** Nothing speaks against it, and what would prove it was not given. */
  isOpen: boolean;
}

/**
 * Whether a ledger still begins with what somebody was shown of it before; or, where that is the later of the two, what
 * he was shown begins with the ledger.
 *
 * @param file as {@link consistencyText} writes it; null: the two are of one size, and nothing has to be proven.
 * @param kept the checkpoint of before, a signed note.
 * @param latter a later one that is known from elsewhere; null: the one of the file.
 */
export function verifyConsistency(
  file: string | null,
  verifiers: readonly NoteVerifier[],
  { kept: keptNote, latter: known }: { kept: string; latter: Checkpoint | null },
): ConsistencyVerdict {
  const shown = signedIn(keptNote.replaceAll('\r\n', '\n'), verifiers);
  const kept = shown?.checkpoint ?? null;
  const seenBy = (shown?.signedBy ?? []).filter(({ at }) => at !== null);
  const read = file === null ? null : parse(file.replaceAll('\r\n', '\n'));
  const told = read === null ? null : (signedIn(read.note, verifiers)?.checkpoint ?? null);
  const latter = known ?? told;
  const fault = (): string | { open: string } | null => {
    if (kept === null) return 'What was kept is no checkpoint, or not signed by a key that you trust.';
    if (file !== null && read === null) return 'This is no proof of consistency, or not all of it is there.';
    if (file !== null && told === null)
      return 'The later checkpoint is none, or not signed by a key that you trust.';
    if (latter === null) return 'There is no later checkpoint.';
    if (kept.origin !== latter.origin)
      return `What was kept is of another ledger: ${kept.origin}, not ${latter.origin}.`;
    if (told !== null && read !== null && known !== null && kept.size > known.size && isSameTree(told, kept))
      return read.former === known.size && isConsistent(known, kept, read.proof)
        ? null
        : 'What was kept does not begin with the ledger of the file: its history was rewritten since, or the proof is wrong.';
    if (told !== null && !isSameTree(told, latter))
      return 'The proof is about another checkpoint than the file that it was given for.';
    if (kept.size > latter.size) return { open: olderText(latter, kept) };
    if (read !== null && read.former !== kept.size)
      return `The proof is about a ledger of ${read.former} leaves, and what was kept is of ${kept.size}.`;
    if (file === null && kept.size < latter.size)
      return { open: 'The ledger has grown since: a proof of consistency is needed.' };
    return isConsistent(kept, latter, read?.proof ?? [])
      ? null
      : 'The ledger does not begin with what was kept: its history was rewritten since, or the proof is wrong.';
  };
  const found = fault();
  const isOpen = found !== null && typeof found !== 'string';
  return { isVerified: found === null, kept, latter, seenBy, fault: isOpen ? found.open : found, isOpen };
}

const olderText = (older: Checkpoint, kept: Checkpoint): string =>
  `This is of a ledger of ${older.size} leaves, and what was kept is of ${kept.size}: either this file is older, or leaves were taken away since. ` +
  `\`securemail audit consistency --kept <this file> --of ${kept.size}\` gives what proves the former, for \`--consistency\`; where leaves are missing it says so.`;

const isSameTree = (one: Checkpoint, other: Checkpoint): boolean =>
  one.origin === other.origin && one.size === other.size && isSame(one.root, other.root);

function signedIn(
  note: string,
  verifiers: readonly NoteVerifier[],
): { checkpoint: Checkpoint; signedBy: OpenedNote['signedBy'] } | null {
  const opened = openNote(note, verifiers);
  const checkpoint = opened && parseCheckpoint(opened.text);
  return opened !== null && checkpoint !== null && isSignedBy(opened, checkpoint.origin)
    ? { checkpoint, signedBy: opened.signedBy }
    : null;
}

const FILE =
  /^securemail-ledger-consistency\/1\nformer (?<former>0|[1-9]\d{0,15})\n(?<proof>(?:[A-Za-z0-9+/]{43}=\n){0,64})\n(?<note>[^]{0,10000})$/;

function parse(text: string): ConsistencyProof | null {
  const groups = FILE.exec(text)?.groups;
  if (groups === undefined) return null;
  const { former = '', proof = '', note = '' } = groups;
  const hashes = hashesInLines(proof);
  return hashes && { former: Number(former), proof: hashes, note };
}
