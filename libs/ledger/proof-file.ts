// SPDX-License-Identifier: Apache-2.0
import { checkpointText, parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { newVerdict, refused, type ProvenEvent, type Verdict } from './export/verdict.ts';
import { Recorded } from './export/recorded.ts';
import { hashOfLeaf, sha256, type Hash } from './hash.ts';
import { hashesInLines, hashLines } from './hash-lines.ts';
import { base64, isSame, octetsIn } from './octets.ts';
import { rootByInclusion } from './proofs.ts';
import { isSignedBy, openNote, type NoteVerifier } from './signed-note.ts';

/** With what each proof begins (C2SP tlog-proof). */
export const PROOF_BEGINS = 'c2sp.org/tlog-proof@v1\n';

/** That a leaf is in the tree of a checkpoint. */
export interface LeafProof {
  leaf: string;
  index: number;
  /** RFC 9162 §2.1.3.1. */
  proof: readonly Hash[];
  /** The checkpoint, signed. */
  note: string;
}

/** As C2SP tlog-proof has it, with the octets of the leaf as its extra data: they are proven by being hashed. */
export const proofText = ({ leaf, index, proof, note }: LeafProof): string =>
  `${PROOF_BEGINS}extra ${base64(UTF_8.encode(leaf))}\nindex ${index}\n${hashLines(proof)}\n${note}`;

/**
 * Verifies a file of proofs, one after the other.
 *
 * @param file as {@link proofText} writes each; what carried it as text may have changed its line ends.
 */
export function verifyProofs(file: string, verifiers: readonly NoteVerifier[]): Verdict {
  const verdict = newVerdict();
  const checkpoints = new Map<string, Checkpoint>();
  const [before, ...texts] = `\n${file.replaceAll('\r\n', '\n')}`.split(`\n${PROOF_BEGINS}`);
  const fault = (kind: 'unreadable' | 'unsigned' | 'changed', number: number, text: string) => {
    refused(verdict, { kind, line: null, leaf: null, eventId: null, text: `proof ${number}: ${text}` });
  };
  if (before !== '' || texts.length === 0) fault('unreadable', 1, 'this is no proof of a ledger');
  for (const [at, text] of texts.entries()) {
    const number = at + 1;
    // What parts two proofs took the line end that a note ends with.
    const read = parse(number < texts.length ? `${text}\n` : text);
    const opened = read && openNote(read.note, verifiers);
    const checkpoint = opened && parseCheckpoint(opened.text);
    if (read === null) fault('unreadable', number, 'it is not one, or not all of it is there');
    else if (opened === null || checkpoint === null)
      fault('unsigned', number, 'its checkpoint is none, or was changed');
    else if (!isSignedBy(opened, checkpoint.origin))
      fault(
        'unsigned',
        number,
        `its checkpoint is not signed by a key of ${checkpoint.origin} that was given`,
      );
    else if (!isIn(checkpoint, read))
      fault('changed', number, 'the event in it is not the one that the ledger has there');
    else {
      const event = told(read);
      if (event === null) {
        fault('unreadable', number, 'what the ledger has there is no event');
        continue;
      }
      verdict.checkpoint = checkpoint;
      checkpoints.set(checkpointText(checkpoint), checkpoint);
      verdict.signedBy = opened.signedBy;
      verdict.events += 1;
      verdict.proven.push(event);
    }
  }
  return { ...verdict, checkpoints: [...checkpoints.values()], isVerified: verdict.faultCount === 0 };
}

function isIn({ size, root }: Checkpoint, { leaf, index, proof }: LeafProof): boolean {
  const found = rootByInclusion(hashOfLeaf(sha256(leaf)), index, size, proof);
  return found !== null && isSame(found, root);
}

const PROOF =
  /^extra (?<extra>[A-Za-z0-9+/]+={0,2})\nindex (?<index>0|[1-9]\d{0,15})\n(?<proof>(?:[A-Za-z0-9+/]{43}=\n){0,63})\n(?<note>[^]*)$/;

function parse(text: string): LeafProof | null {
  const { extra = '', index = '', proof = '', note = '' } = PROOF.exec(text)?.groups ?? {};
  const leaf = textIn(extra);
  const hashes = hashesInLines(proof);
  return leaf === null || hashes === null ? null : { leaf, index: Number(index), proof: hashes, note };
}

const UTF_8 = new TextEncoder();
const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null where there is none. */
function textIn(encoded: string): string | null {
  const octets = octetsIn(encoded);
  if (octets === null || octets.length === 0) return null;
  try {
    return STRICT_UTF_8.decode(octets);
  } catch {
    return null;
  }
}

/** Null where the leaf is no event. */
function told({ leaf, index }: LeafProof): ProvenEvent | null {
  try {
    const json = JSON.parse(leaf) as { type?: unknown } | null;
    const recorded = Recorded.of(json);
    if (recorded === null || typeof json?.type !== 'string') return null;
    const { id: eventId, emailId, happenedAt, recordedAt } = recorded;
    return {
      leaf: index,
      eventId,
      type: json.type,
      emailId,
      time: new Date(happenedAt).toISOString(),
      recordedAt: new Date(recordedAt).toISOString(),
    };
  } catch {
    return null;
  }
}
