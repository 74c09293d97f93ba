// SPDX-License-Identifier: Apache-2.0
import type { Went } from '../api/shapes.ts';

/** How pictures and their tables call how an email went. */
export const WENT_WORDS: Record<Went, string> = {
  within10s: 'sent within 10 s',
  within1m: 'within 1 min',
  within5m: 'within 5 min',
  inTime: 'by the deadline',
  partly: 'sent to some of them only',
  late: 'after the deadline',
  overdue: 'under way, beyond the deadline',
  underWay: 'under way',
  held: 'held for a decision',
  decided: 'sent after a decision',
  returned: 'returned to the sender',
};

/** How a filter calls a state. */
export const stateWords = (state: string): string =>
  state === 'held' ? 'held, and sent to none of its recipients' : state;

const STAGE_WORDS: Record<string, string> = {
  protection: 'to be protected',
  delivery: 'to be delivered',
  attempt: 'for a mail server, in the first attempt',
  retry: 'to be tried again',
  receipt: 'for the receipt',
  'receipt-mail': 'for the receipt to arrive',
  decision: 'for a person to decide',
};
export const STAGES = Object.keys(STAGE_WORDS);
export const stageWords = (stage: string): string => STAGE_WORDS[stage] ?? stage;

const BARS: Record<string, string> = {
  acceptance: 'accepted',
  protection: 'protecting',
  deposit: 'laying into SecureMailBox',
  attempt: 'handing over',
  wait: 'waiting to try again',
  hold: 'held',
  receipt: 'receipt',
};
export const barWords = (kind: string): string => BARS[kind] ?? kind;
