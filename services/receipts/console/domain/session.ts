// SPDX-License-Identifier: Apache-2.0
import type { ConsoleRole } from '@securemail/contracts';
import { asPlainLine } from '@securemail/service';

/** From the least to the most. Nobody audits what he may decide himself: `auditor` counts beside `reader` alone. */
const ROLES = ['reader', 'auditor', 'decider', 'operator'] as const satisfies ConsoleRole[];

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
