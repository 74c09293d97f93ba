// SPDX-License-Identifier: Apache-2.0

export type Role = 'reader' | 'auditor' | 'decider' | 'operator';

/** Who is signed in. */
export interface Session {
  sessionId: string;
  name: string;
  role: Role;
  organisation: { id: string; name: string };
  /** Until it ends where nobody uses it. */
  secondsLeft: number;
  token: string;
  tokenSeconds: number;
  /** With `{traceId}` in it; null: traces are shown nowhere else. */
  traceUrl: string | null;
  /** With `{traceId}` or `{emailId}` in it; null: lines of the log are shown nowhere else. */
  logsUrl: string | null;
}

export interface Ways {
  organisation: { id: string; name: string } | null;
  /** What the provider is called; null: there is none. */
  openIdConnect: string | null;
  passwords: boolean;
}

export const WENT = [
  'within10s',
  'within1m',
  'within5m',
  'inTime',
  'partly',
  'late',
  'overdue',
  'underWay',
  'held',
  'decided',
  'returned',
] as const;
export type Went = (typeof WENT)[number];
export type Bar = { at: string } & Record<Went, number>;

export interface Overview {
  since: string;
  until: string;
  /** Seconds of each bar. */
  width: number;
  bars: Bar[];
  accepted: number;
  /** Seconds. */
  latency: { median: number; p95: number; p99: number; most: number } | null;
  waiting: { stage: string; emails: number; oldest: number }[];
}

export interface Recipient {
  recipientId: string;
  address: string | null;
  givenAddress: string | null;
  method: string | null;
  passedOver: { method: string; text: string }[];
  attempts: number;
  mayBeDuplicate: boolean;
  status: string;
  at?: string;
  since?: string;
  nextAttemptAt?: string | null;
  reply?: { code: number; enhancedCode: string | null; text?: string } | null;
  failure?: string | null;
  because?: unknown;
  tls?: { protocol: string; policy: string | null } | null;
}

export interface Email {
  emailId: string;
  state: string;
  from: string | null;
  messageId: string | null;
  channel: string | null;
  direction: string | null;
  secureBy: string | null;
  guards: { guard: string; action: string; text: string }[];
  size: number | null;
  acceptedAt: string;
  deadlineAt: string;
  deadlineMissed: boolean;
  settledAt: string | null;
  acceptedToSentMs: number | null;
  /** When its content was destroyed, and what named people. */
  erasedAt: string | null;
  waitsFor: { stage: string; since: string } | null;
  recipients: Recipient[];
  receipt: { issuedAt: string; outcome: string; deliveredAt: string | null } | null;
  /** Events that were changed where they are kept. */
  unreadable: string[];
}

export interface HappenedEvent {
  id: string;
  name: string;
  source: string;
  time: string;
  traceparent: string | null;
  data: Record<string, unknown>;
  personal: Record<string, unknown> | null;
  erased: boolean;
}

/** As the ledger has it. */
export interface RecordedEvent extends HappenedEvent {
  leaf: number;
  recordedAt: string;
}

export interface Replayed {
  emailId: string;
  events: RecordedEvent[];
  /** Null: it was not accepted by then, or is no email. */
  email: Email | null;
  /** Where the gateway shows something else; null: of a moment of before. */
  differences: { field: string; recorded: unknown; shown: unknown }[] | null;
}

export type LedgerFault =
  | { kind: 'leaf'; leaf: number }
  | { kind: 'tile'; leaf: number; level?: number }
  | { kind: 'checkpoint'; size: number }
  | { kind: 'history'; leaf: number | null; eventId: string };

export interface Ledger {
  /** Null: nobody signs it. */
  origin: string | null;
  size: number;
  checkpoint: { size: number; root: string; signedAt: string } | null;
  verification: {
    endedAt: string;
    leaves: number;
    faultCount: number;
    faults: LedgerFault[];
  } | null;
}

export interface TraceBar {
  kind: string;
  service: string;
  from: string;
  until: string | null;
  recipientIds: string[];
  outcome: string | null;
  spanId: string | null;
}

export interface Held {
  emailId: string;
  from: string | null;
  heldSince: string;
  endsAt: string;
  recipients: { recipientId: string; address: string | null; text: string; perhapsSent: unknown }[];
}

export interface DeadLetter {
  service: string;
  number: number;
  emailId: string | null;
  eventName: string | null;
  source: string;
  status: 'retrying' | 'parked';
  reason: string;
  attempts: number;
  firstFailedAt: string;
  lastFailedAt: string;
  nextAttemptAt: string | null;
}

export interface Certificate {
  kind: string;
  name: string;
  sha256: string;
  source: string;
  state: string;
  reason: string | null;
  notAfter: string;
}

export interface OwnKey {
  kind: string;
  name: string;
  sha256: string;
  state: string;
  notAfter: string;
  warning: string | null;
}

export const SERVICES = ['intake', 'crypto', 'delivery', 'mailbox', 'receipts'] as const;
export const STATES = ['accepted', 'in-progress', 'sent', 'partly-sent', 'held', 'not-sent'] as const;
