// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint } from '../checkpoint.ts';
import type { OpenedNote } from '../signed-note.ts';
import type { Scope } from './format.ts';

/**
 * What is wrong: `unreadable` what is no such file; `unsigned` no checkpoint of that ledger; `tile` hashes that are not
 * those of the ledger; `changed`, `moved`, `added`, `removed` events; `incomplete` what the file says it has and has not;
 * `truncated` a file that ends too early; `altered` a file that is not as it was exported.
 */
export type FaultKind =
  | 'unreadable'
  | 'unsigned'
  | 'tile'
  | 'changed'
  | 'moved'
  | 'added'
  | 'removed'
  | 'incomplete'
  | 'truncated'
  | 'altered';

export interface Fault {
  kind: FaultKind;
  /** In the file, from 1; null where something is not there. */
  line: number | null;
  /** Its place in the ledger, from 0. */
  leaf: number | null;
  /** As the line says, of which nothing may be true. */
  eventId: string | null;
  /** A sentence. */
  text: string;
}

/** Of events that are as the ledger has them, what an auditor may want to ask about. */
export interface Notice {
  line: number;
  leaf: number;
  eventId: string;
  text: string;
}

/** What was recorded, of a file of proofs. */
export interface ProvenEvent {
  /** Its place in the ledger, from 0. */
  leaf: number;
  eventId: string;
  /** Of the CloudEvent: `securemail.Delivered.v1`. */
  type: string;
  emailId: string;
  /** When the service appended it, as it says; RFC 3339. */
  time: string;
  /** When the ledger took it. */
  recordedAt: string;
}

export interface Verdict {
  isVerified: boolean;
  /** Null where the file does not get so far. */
  scope: Scope | null;
  /** When it was exported, by the clock of who did; RFC 3339. */
  exportedAt: string | null;
  /** The last of them. */
  checkpoint: Checkpoint | null;
  /** What the file goes by, each once: of a file of proofs each may have its own. */
  checkpoints: Checkpoint[];
  signedBy: OpenedNote['signedBy'];
  /** That are as the ledger has them. */
  events: number;
  /** Each of them, where the file is one of proofs. */
  proven: ProvenEvent[];
  /** The first hundred. */
  faults: Fault[];
  faultCount: number;
  notices: Notice[];
  noticeCount: number;
}

const MOST_TOLD = 100;

export const newVerdict = (): Omit<Verdict, 'isVerified'> => ({
  scope: null,
  exportedAt: null,
  checkpoint: null,
  checkpoints: [],
  signedBy: [],
  events: 0,
  proven: [],
  faults: [],
  faultCount: 0,
  notices: [],
  noticeCount: 0,
});

export function refused(verdict: Omit<Verdict, 'isVerified'>, fault: Fault): void {
  verdict.faultCount += 1;
  if (verdict.faults.length < MOST_TOLD) verdict.faults.push(fault);
}

export function noticed(verdict: Omit<Verdict, 'isVerified'>, notice: Notice): void {
  verdict.noticeCount += 1;
  if (verdict.notices.length < MOST_TOLD) verdict.notices.push(notice);
}
