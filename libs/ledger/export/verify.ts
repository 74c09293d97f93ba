// SPDX-License-Identifier: Apache-2.0
import { parseCheckpoint, type Checkpoint } from '../checkpoint.ts';
import { hashOfLeaf, newSha256, sha256 } from '../hash.ts';
import { isSame } from '../octets.ts';
import { isSignedBy, openNote, type NoteVerifier } from '../signed-note.ts';
import { EndLine, endLine, endText, Header } from './format.ts';
import { LineTooLongError, linesIn } from './lines.ts';
import { Recorded } from './recorded.ts';
import { scopeCheck, type ScopeCheck } from './scope-check.ts';
import { openSegment, type Segment } from './segment.ts';
import { newVerdict, noticed, refused, type Fault, type FaultKind, type Verdict } from './verdict.ts';

/**
 * Whether a file is what the ledger exported, and everything in it is in the ledger: needs nothing but its public key. Reads
 * line by line, so its memory does not grow with the file.
 *
 * @param octets of the file, from whoever: any octets get a verdict.
 * @param verifiers of the ledger, of its former keys too, and of witnesses.
 */
export async function verifyExport(
  octets: AsyncIterable<Uint8Array>,
  verifiers: readonly NoteVerifier[],
): Promise<Verdict> {
  const file = new FileCheck(verifiers);
  try {
    for await (const line of linesIn(octets)) if (!file.take(line)) break;
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw error;
    file.stop('unreadable', error.message);
  }
  return file.verdict();
}

class FileCheck {
  readonly #verifiers: readonly NoteVerifier[];
  readonly #digest = newSha256();
  readonly #verdict = newVerdict();
  #line = 0;
  #begun: { checkpoint: Checkpoint; scope: ScopeCheck } | null = null;
  #segment: Segment | null = null;
  #lastTile = -1;
  #isEnded = false;
  /** Nothing that follows can be judged. */
  #isStopped = false;

  constructor(verifiers: readonly NoteVerifier[]) {
    this.#verifiers = verifiers;
  }

  readonly #refuse = (kind: FaultKind, text: string, of: Partial<Omit<Fault, 'kind' | 'text'>> = {}) => {
    refused(this.#verdict, { kind, line: null, leaf: null, eventId: null, ...of, text });
  };

  stop(kind: FaultKind, text: string): void {
    this.#refuse(kind, text, { line: this.#line });
    this.#isStopped = true;
  }

  /** @returns whether more is to be read. */
  take(line: Uint8Array): boolean {
    this.#line += 1;
    if (this.#isEnded) this.stop('added', 'Something stands after the end.');
    else if (this.#begun === null) this.#begin(shortly(line));
    else if (beginsWith(line, TILE)) this.#open(shortly(line), this.#begun);
    else if (beginsWith(line, END)) this.#end(line, this.#begun);
    else this.#event(line);
    if (!this.#isEnded) this.#digest.update(line);
    return !this.#isStopped;
  }

  #begin(json: unknown): void {
    const header = Header.safeParse(json);
    if (!header.success) {
      this.stop('unreadable', 'This is no export of a ledger: its first line is none.');
      return;
    }
    const { scope, checkpoint: note, exportedtime: exportedAt } = header.data;
    const opened = openNote(note, this.#verifiers);
    const checkpoint = opened === null ? null : parseCheckpoint(opened.text);
    if (opened === null || checkpoint === null)
      this.stop('unsigned', 'The checkpoint is none, or was changed after it was signed.');
    else if (!isSignedBy(opened, checkpoint.origin))
      this.stop(
        'unsigned',
        `The checkpoint of ${JSON.stringify(checkpoint.origin)} is not signed by a key that you trust.`,
      );
    else {
      Object.assign(this.#verdict, {
        scope,
        exportedAt,
        checkpoint,
        checkpoints: [checkpoint],
        signedBy: opened.signedBy,
      });
      this.#begun = { checkpoint, scope: scopeCheck(scope, this.#refuse) };
    }
  }

  #open(json: unknown, { checkpoint, scope }: { checkpoint: Checkpoint; scope: ScopeCheck }): void {
    this.#close(scope);
    const line = this.#line;
    const segment = openSegment(json, line, checkpoint, this.#refuse);
    if (segment === null) return;
    if (segment.tile <= this.#lastTile)
      this.#refuse('moved', `Tile ${segment.tile} does not come in its turn.`, { line });
    this.#lastTile = Math.max(segment.tile, this.#lastTile);
    for (const { leaf } of segment.leaves) scope.follow(leaf, line);
    this.#segment = segment;
  }

  #event(line: Uint8Array): void {
    const leaf = line.at(-1) === LINE_END ? line.subarray(0, -1) : line;
    const recorded = Recorded.of(parsed(leaf));
    if (this.#segment === null)
      this.#refuse('added', `Line ${this.#line} is in no tile of the ledger.`, {
        line: this.#line,
        eventId: recorded?.id ?? null,
      });
    else this.#segment.take({ line: this.#line, hash: hashOfLeaf(sha256(leaf)), recorded });
  }

  #close(scope: ScopeCheck): void {
    for (const genuine of this.#segment?.close(this.#refuse) ?? []) {
      this.#verdict.events += 1;
      scope.take(genuine);
      const { recorded, line, leaf } = genuine;
      for (const text of recorded.notices())
        noticed(this.#verdict, { line, leaf, eventId: recorded.id, text });
    }
    this.#segment = null;
  }

  #end(octets: Uint8Array, { checkpoint, scope }: { checkpoint: Checkpoint; scope: ScopeCheck }): void {
    this.#close(scope);
    this.#isEnded = true;
    const line = this.#line;
    const read = EndLine.safeParse(parsed(octets));
    // Nothing signs the line itself: there is one way to write it.
    const isExact = read.success && isSame(octets, UTF_8.encode(endLine(read.data.end)));
    const opened = isExact ? openNote(read.data.end, this.#verifiers) : null;
    if (opened === null || !isSignedBy(opened, checkpoint.origin))
      this.#refuse('altered', 'The end of the file is not signed by a key that you trust.', { line });
    else if (opened.text !== endText(checkpoint.origin, line - 1, this.#digest.digest()))
      this.#refuse('altered', 'The file is not as it was exported.', { line });
    scope.complete(checkpoint.size);
  }

  verdict(): Verdict {
    if (!this.#isEnded && !this.#isStopped) {
      if (this.#begun !== null) this.#close(this.#begun.scope);
      this.#refuse('truncated', 'The file ends before its end: some of it is missing.');
    }
    return { ...this.#verdict, isVerified: this.#verdict.faultCount === 0 };
  }
}

const LINE_END = 0x0a;

const UTF_8 = new TextEncoder();
const [TILE, END] = [UTF_8.encode('{"tile":'), UTF_8.encode('{"end":')];
const beginsWith = (line: Uint8Array, text: Uint8Array): boolean =>
  text.every((octet, at) => line[at] === octet);

const STRICT_UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** No header and no tile is as long; what a stranger wrote may take hundred times its length in memory. Octets. */
const LONGEST_OF_OURS = 64 * 1024;

const shortly = (line: Uint8Array): unknown => (line.length > LONGEST_OF_OURS ? undefined : parsed(line));

function parsed(text: Uint8Array): unknown {
  try {
    return JSON.parse(STRICT_UTF_8.decode(text));
  } catch {
    return undefined;
  }
}
