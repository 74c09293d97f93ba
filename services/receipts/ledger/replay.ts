// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmailId, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { EmailState } from '../domain/email.ts';
import { emailOf } from '../domain/fold.ts';
import { projectedFrom, type ProjectedEmail } from '../domain/projected.ts';
import { TOLD_OF_EMAILS } from '../domain/kept.ts';
import { keptEvents, liveEmails, unrecorded, unrecordedEvents } from './adapters/live-emails.ts';
import { openPartOf } from './adapters/readable.ts';
import { recordedEmails, type Recorded } from './adapters/replayed-emails.ts';

/** Where the ledger and what is shown of an email say different things. */
export interface Difference {
  emailId: EmailId;
  /**
   * Which of them; `email`: one of the two has no such email; `events`: ids of those that only the ledger has, and of those
   * that only the timeline has.
   */
  field: keyof ProjectedEmail | 'email' | 'events';
  recorded: unknown;
  shown: unknown;
}

export interface Replayed {
  events: number;
  /** That were accepted; other streams (sessions, exports) are no emails. */
  emails: number;
  states: Partial<Record<EmailState, number>>;
  /** The first hundred; null where there was nothing to compare with: it was replayed to a moment of before. */
  differences: Difference[] | null;
  differenceCount: number;
  /**
   * Of what differs: events that are shown and not recorded, 10,000 at most. While the ledger is behind, as after it was
   * begun, they are not yet.
   */
  behind: number;
  /** Leaves that are no event any more, or of no kind that is known here: made of the others. The first hundred. */
  unreadable: number[];
  unreadableCount: number;
}

export interface ReplayOptions {
  /** Only what was recorded before then. */
  at?: Date | null;
  /** Only these. */
  emailIds?: readonly EmailId[] | null;
  progressed?: (replayed: Pick<Replayed, 'events' | 'emails'>) => void;
}

const MOST_TOLD = 100;
/** Emails that are compared at once. */
const TOGETHER = 200;
/** Emails that are looked at once more together: all that is held of those that differ, however many do. */
const MOST_DOUBTFUL = 10_000;
const MOST_BEHIND = 10_000;
/** So long it takes at most until what is recorded is shown, or the other way round. Milliseconds. */
const SETTLES_WITHIN_MS = 2_000;

/**
 * Makes the state of every email anew, from what the ledger has and from nothing else, and compares it with what the
 * gateway shows. What differs is looked at once more a moment later: the two are written one after the other.
 */
export async function replay(
  pool: Pool,
  tenantId: TenantId,
  { at = null, emailIds = null, progressed = () => undefined }: ReplayOptions = {},
): Promise<Replayed> {
  const replayed: Replayed = {
    events: 0,
    emails: 0,
    states: {},
    differences: at === null ? [] : null,
    differenceCount: 0,
    behind: 0,
    unreadable: [],
    unreadableCount: 0,
  };
  const doubtful = new Set<EmailId>();
  const lookAgain = async () => {
    if (doubtful.size === 0) return;
    const { told, count } = await differencesIn(pool, tenantId, [...doubtful]);
    doubtful.clear();
    replayed.differenceCount += count;
    replayed.differences?.push(...told.slice(0, MOST_TOLD - replayed.differences.length));
  };
  const doubt = async (emailId: EmailId) => {
    doubtful.add(emailId);
    if (doubtful.size === MOST_DOUBTFUL) await lookAgain();
  };
  let together: State[] = [];
  const compareThem = async () => {
    if (at === null)
      for (const { emailId } of await differencesOf(pool, tenantId, together)) await doubt(emailId);
    together = [];
    progressed(replayed);
  };
  const unseen = new Set(emailIds);
  for await (const recorded of recordedEmails(pool, tenantId, at, emailIds)) {
    unseen.delete(recorded.emailId);
    replayed.events += recorded.events.length;
    const state = stateFrom(recorded);
    replayed.unreadableCount += state.unreadable.length;
    replayed.unreadable.push(...state.unreadable.slice(0, MOST_TOLD - replayed.unreadable.length));
    if (state.projected !== null) {
      replayed.emails += 1;
      replayed.states[state.projected.state] = (replayed.states[state.projected.state] ?? 0) + 1;
    }
    together.push(state);
    if (together.length === TOGETHER) await compareThem();
  }
  await compareThem();
  if (at !== null) return replayed;
  // What is shown, and was never recorded.
  for (const emailId of unseen) await doubt(emailId);
  if (emailIds === null)
    for await (const emailId of unrecorded(pool, tenantId, TOGETHER)) await doubt(emailId);
  await lookAgain();
  if (replayed.differenceCount > 0 && emailIds === null)
    replayed.behind = await unrecordedEvents(pool, tenantId, MOST_BEHIND);
  return replayed;
}

/** Where an email stands; null: it was not accepted, or is no email. */
export interface State {
  emailId: EmailId;
  projected: ProjectedEmail | null;
  /** The ids of what its timeline is made of. */
  told: ReadonlySet<string>;
  /** The leaves of it that can not be read. */
  unreadable: readonly number[];
}

const TOLD: ReadonlySet<string> = new Set(TOLD_OF_EMAILS);

export function stateFrom({ emailId, events, leaves, unreadable: unread }: Recorded): State {
  // What a state is made of stands in the open part of each event.
  const open = events.map(openPartOf);
  const email = emailOf(open.filter((event) => event !== null));
  const unreadable = [...unread, ...leaves.filter((_, at) => open[at] === null)];
  const told = new Set(events.flatMap(({ id, name }) => (TOLD.has(name) ? [id as string] : [])));
  return { emailId, projected: email === null ? null : projectedFrom(email), told, unreadable };
}

async function differencesIn(
  pool: Pool,
  tenantId: TenantId,
  emailIds: readonly EmailId[],
): Promise<{ told: Difference[]; count: number }> {
  await sleep(SETTLES_WITHIN_MS);
  const told: Difference[] = [];
  let count = 0;
  for (let from = 0; from < emailIds.length; from += TOGETHER) {
    const some = emailIds.slice(from, from + TOGETHER);
    const states = new Map<EmailId, State>(
      some.map((emailId) => [emailId, { emailId, projected: null, told: new Set(), unreadable: [] }]),
    );
    for await (const recorded of recordedEmails(pool, tenantId, null, some))
      states.set(recorded.emailId, stateFrom(recorded));
    const differences = await differencesOf(pool, tenantId, [...states.values()]);
    count += differences.length;
    told.push(...differences.slice(0, MOST_TOLD - told.length));
  }
  return { told, count };
}

async function differencesOf(
  pool: Pool,
  tenantId: TenantId,
  states: readonly State[],
): Promise<Difference[]> {
  if (states.length === 0) return [];
  const emailIds = states.map(({ emailId }) => emailId);
  const [live, kept] = await Promise.all([
    liveEmails(pool, tenantId, emailIds),
    keptEvents(pool, tenantId, emailIds),
  ]);
  return states.flatMap((state): Difference[] => {
    const { emailId, projected } = state;
    const shown = live.get(emailId) ?? null;
    const events = eventsOf(state, kept.get(emailId) ?? []);
    if (projected === null || shown === null)
      return projected === shown
        ? events
        : [{ emailId, field: 'email', recorded: projected?.state ?? null, shown: shown?.state ?? null }];
    const fields = Object.keys(projected) as (keyof ProjectedEmail)[];
    return [
      ...fields
        .filter((field) => !isSame(projected[field], shown[field]))
        .map((field) => ({ emailId, field, recorded: projected[field], shown: shown[field] })),
      ...events,
    ];
  });
}

/** Nothing, where the timeline has the events that were recorded and no others. */
function eventsOf({ emailId, told }: State, kept: readonly string[]): Difference[] {
  const known = new Set(kept);
  const recorded = [...told].filter((id) => !known.has(id));
  const shown = kept.filter((id) => !told.has(id));
  return recorded.length === 0 && shown.length === 0 ? [] : [{ emailId, field: 'events', recorded, shown }];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
