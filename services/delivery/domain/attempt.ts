// SPDX-License-Identifier: Apache-2.0
import type {
  AttemptId,
  NewEvent,
  ProtectedMessageId,
  RecipientId,
  SmtpPhase,
  SmtpReply,
  TlsFacts,
} from '@securemail/contracts';
import { mayBeTooMany } from './smtp-reply.ts';

/** A protected message for some recipients behind one next hop, and how often it was tried. */
export interface Job {
  protectedMessageId: ProtectedMessageId;
  recipientIds: readonly RecipientId[];
  attempts: number;
  createdAt: Date;
  /** Since when it only waited for a place among the mails of its domain. */
  placeSince: Date | null;
}

/** What became of one recipient in one attempt. */
export type Result =
  | { kind: 'delivered'; reply: SmtpReply; replyText: string }
  | {
      kind: 'refused' | 'deferred';
      phase: SmtpPhase;
      reply: SmtpReply | null;
      replyText: string | null;
      failure: string | null;
    }
  /** The final dot may have been sent, and no answer came. */
  | { kind: 'unknown' };

export interface AttemptOutcome {
  nextHop: string | null;
  tls: TlsFacts | null;
  results: readonly { recipientId: RecipientId; result: Result }[];
}

/**
 * An attempt as if it had one recipient: of several, one of whom nobody knows whether it arrived speaks for all, as somebody may
 * have to ask; else the first who was not sent to.
 */
export interface Verdict {
  outcome: Result['kind'] | 'mixed';
  /** How far it came; where the outcome is unknown, how far it may have come. */
  phase: SmtpPhase;
  reply: SmtpReply | null;
  /** The word of the failure; `reply` where the server said why, `none` where nothing was wrong. */
  reason: string;
}

export interface RetryRules {
  /** Seconds from each attempt to the next; the last one goes on. */
  retrySeconds: readonly number[];
  giveUpAfterHours: number;
  /** From then on it is worth nothing to anybody, tried or not. */
  worthlessAt?: Date | null;
  whenOutcomeUnknown: 'send-again' | 'hold';
}

/** What is recorded, and what is left to do: nothing, or these recipients at that time. */
export interface Conclusion {
  events: NewEvent[];
  remaining: { recipientIds: RecipientId[]; dueAt: Date } | null;
}

export function start(
  job: Job,
  attemptId: AttemptId,
  nextHop: string | null,
): NewEvent<'DeliveryAttemptStarted'> {
  const { protectedMessageId, recipientIds, attempts, placeSince } = job;
  return {
    name: 'DeliveryAttemptStarted',
    data: {
      attemptId,
      protectedMessageId,
      recipientIds: [...recipientIds],
      ordinal: attempts + 1,
      placeSince: placeSince?.toISOString() ?? null,
    },
    personal: { nextHop },
  };
}

/** Draws the consequences of an attempt: one event for each different result, a later try for who is still owed one. */
export function conclude(
  job: Job,
  attemptId: AttemptId,
  { nextHop, tls, results }: AttemptOutcome,
  rules: RetryRules,
  now: Date,
): Conclusion {
  const dueAt = isLimited(results) ? now : nextDue(job.attempts + 1, rules, now);
  const groups = Map.groupBy(results, ({ result }) => JSON.stringify(result));
  const events = [...groups.values()].flatMap((group): NewEvent[] => {
    const [first] = group;
    if (first === undefined) return [];
    const recipientIds = group.map(({ recipientId }) => recipientId);
    const attempt = { attemptId, protectedMessageId: job.protectedMessageId, recipientIds };
    return [eventOf(first.result, attempt, { nextHop, tls }, rules, dueAt)];
  });
  const owed = results.filter(({ result }) => isOwed(result, rules)).map(({ recipientId }) => recipientId);
  return { events, remaining: owed.length === 0 ? null : { recipientIds: owed, dueAt } };
}

/** A worker recorded the attempt and died: nobody knows how far it came. */
export function recover(job: Job, attemptId: AttemptId, rules: RetryRules, now: Date): Conclusion {
  const outcome = { nextHop: null, tls: null, results: allUnknown(job) };
  return conclude({ ...job, attempts: job.attempts - 1 }, attemptId, outcome, rules, now);
}

export const allUnknown = ({ recipientIds }: Job): AttemptOutcome['results'] =>
  recipientIds.map((recipientId) => ({ recipientId, result: { kind: 'unknown' } }));

export function verdictOf(results: AttemptOutcome['results']): Verdict {
  const kinds = new Set(results.map(({ result }) => result.kind));
  const telling =
    results.find(({ result }) => result.kind === 'unknown') ??
    results.find(({ result }) => result.kind !== 'delivered') ??
    results[0];
  const { kind, ...result } = telling?.result ?? { kind: 'unknown' };
  return {
    outcome: kinds.size > 1 && kind !== 'unknown' ? 'mixed' : kind,
    phase: 'phase' in result ? result.phase : 'final-dot',
    reply: 'reply' in result ? result.reply : null,
    reason:
      'failure' in result ? (result.failure ?? 'reply') : REASONS[kind === 'delivered' ? kind : 'unknown'],
  };
}

const REASONS = { delivered: 'none', unknown: 'no-answer' };

/** Given up once the time is over; never before one attempt was made, unless it is worth nothing any more. */
export function expire(
  job: Job,
  { giveUpAfterHours, worthlessAt = null }: RetryRules,
  now: Date,
): NewEvent<'DeliveryExpired'> | null {
  const { protectedMessageId, recipientIds, attempts, createdAt } = job;
  const isOver = attempts > 0 && now.getTime() >= createdAt.getTime() + giveUpAfterHours * 3_600_000;
  const isWorthless = worthlessAt !== null && now >= worthlessAt;
  if (!isOver && !isWorthless) return null;
  return {
    name: 'DeliveryExpired',
    data: { protectedMessageId, recipientIds: [...recipientIds], attempts },
    personal: null,
  };
}

const isOwed = ({ kind }: Result, { whenOutcomeUnknown }: RetryRules) =>
  kind === 'deferred' || (kind === 'unknown' && whenOutcomeUnknown === 'send-again');

/** Some were taken and others were too many for one transaction: the server is well, and they may follow at once. */
const isLimited = (results: AttemptOutcome['results']): boolean =>
  results.some(({ result }) => result.kind === 'delivered') &&
  results.some(
    ({ result }) =>
      result.kind === 'deferred' && result.reply !== null && mayBeTooMany(result.phase, result.reply),
  );

function nextDue(attempts: number, { retrySeconds }: RetryRules, now: Date): Date {
  const seconds = retrySeconds[Math.min(attempts, retrySeconds.length) - 1] ?? 60;
  return new Date(now.getTime() + seconds * 1_000);
}

function eventOf(
  result: Result,
  attempt: { attemptId: AttemptId; protectedMessageId: ProtectedMessageId; recipientIds: RecipientId[] },
  { nextHop, tls }: Pick<AttemptOutcome, 'nextHop' | 'tls'>,
  { whenOutcomeUnknown: next }: RetryRules,
  dueAt: Date,
): NewEvent {
  switch (result.kind) {
    case 'delivered': {
      const { reply, replyText } = result;
      return { name: 'Delivered', data: { ...attempt, reply, tls }, personal: { nextHop, replyText } };
    }
    case 'refused': {
      const { phase, reply, failure, replyText } = result;
      return {
        name: 'Bounced',
        data: { ...attempt, phase, reply, failure },
        personal: { nextHop, replyText },
      };
    }
    case 'deferred': {
      const { phase, reply, failure, replyText } = result;
      const nextAttemptAt = dueAt.toISOString();
      return {
        name: 'Deferred',
        data: { ...attempt, phase, reply, failure, nextAttemptAt },
        personal: { nextHop, replyText },
      };
    }
    case 'unknown': {
      const nextAttemptAt = next === 'send-again' ? dueAt.toISOString() : null;
      return { name: 'OutcomeUnknown', data: { ...attempt, next, nextAttemptAt }, personal: { nextHop } };
    }
    default:
      return result satisfies never;
  }
}
