// SPDX-License-Identifier: Apache-2.0
import type { ConsoleRole } from '@securemail/contracts';
import { asPlainLine } from '@securemail/service';

interface Times {
  usedAt: Date;
  endsAt: Date;
}
interface Rules {
  sessionIdleMinutes: number;
  sessionHours: number;
}

/** When a session ends that nobody uses any more, and at its set end. */
export const endOfUnused = ({ usedAt, endsAt }: Times, { sessionIdleMinutes }: Rules): Date =>
  new Date(Math.min(endsAt.getTime(), usedAt.getTime() + sessionIdleMinutes * 60_000));

export const endOfSession = ({ sessionHours }: Rules, now: Date): Date =>
  new Date(now.getTime() + sessionHours * 3_600_000);

/** From the least to the most. */
const ROLES = ['reader', 'decider', 'operator'] as const satisfies ConsoleRole[];

/**
 * The most that a provider's claim allows somebody.
 *
 * @param claim a text, or a list of texts.
 * @param values what stands in it for each role.
 * @returns null: nothing.
 */
export function roleIn(
  claim: unknown,
  values: Readonly<Record<ConsoleRole, readonly string[]>>,
): ConsoleRole | null {
  const said: unknown[] = Array.isArray(claim) ? claim : [claim];
  return ROLES.findLast((role) => values[role].some((value) => said.includes(value))) ?? null;
}

const MOST = 200;

/** What somebody is called beside what is decided: the first of these that is a name. */
export function nameIn(claims: Readonly<Record<string, unknown>>): string {
  for (const claim of ['name', 'preferred_username', 'email', 'sub']) {
    const said = claims[claim];
    const name = typeof said === 'string' ? asPlainLine(said, MOST) : '';
    if (name !== '') return name;
  }
  return 'Somebody';
}
