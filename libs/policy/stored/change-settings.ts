// SPDX-License-Identifier: Apache-2.0
import type { TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { decide, type Command, type Decision, type Surroundings } from '../decide.ts';
import { evolve, NOTHING_SET, type State } from '../state.ts';
import { appendChange, changesSince } from './changes.ts';

/** What an organisation's administrators have set up to now. */
export async function readState(pool: Pool, tenantId: TenantId): Promise<State> {
  const changes = await changesSince(pool, new Map([[tenantId, 0]]));
  return evolve(NOTHING_SET, changes.get(tenantId) ?? []);
}

/**
 * Makes a change where it is a good one, by what is stored at this moment.
 *
 * @param dryRun to be told what would happen, and have nothing changed.
 */
export async function changeSettings<Policy>(
  pool: Pool,
  tenantId: TenantId,
  command: Command,
  { dryRun, ...around }: Surroundings<Policy> & { dryRun: boolean },
): Promise<Decision> {
  const decision = decide(command, await readState(pool, tenantId), around);
  if (decision.kind !== 'changed' || dryRun) return decision;
  if (await appendChange(pool, tenantId, decision.change)) return decision;
  // Whoever came first is read, and told of.
  return { kind: 'overtaken', version: (await readState(pool, tenantId)).version };
}
