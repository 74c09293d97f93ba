// SPDX-License-Identifier: Apache-2.0
import {
  isOwn,
  judge,
  readScope,
  scopesThatInherit,
  scopeText,
  TENANT,
  type Change,
  type Fault,
  type State,
} from '@securemail/policy';
import { baseOf, rulebookWithoutKeys, type Policy } from './settings/policy.ts';
import type { Tenant } from './settings/tenant.ts';

/** The policy of each scope for which something is set, and of the organisation. */
export interface PoliciesByScope {
  byScope: ReadonlyMap<string, Policy>;
  /** Some change could not be used: after the next one everything is worked out anew. */
  behind: boolean;
}

/**
 * The policies after some changes, worked out anew only for those whom the changes concern: there may be thousands of
 * people with settings of their own.
 *
 * @param known null where nothing was worked out yet.
 */
export function policiesAfter(
  known: PoliciesByScope | null,
  tenant: Tenant,
  state: State,
  changes: readonly Change[],
): { policies: PoliciesByScope; faults: Fault[] } {
  const changed =
    known === null || known.behind
      ? [TENANT]
      : changes.flatMap(({ patches }) => Object.keys(patches)).flatMap((text) => readScope(text) ?? []);
  const base = baseOf(tenant);
  const rulebook = rulebookWithoutKeys(tenant);
  const byScope = new Map(known?.byScope);
  const faults: Fault[] = [];
  for (const scope of scopesThatInherit(state, changed)) {
    // What was set for a domain that is no own one any more counts for nobody.
    if (!isOwn(scope, tenant.domains)) continue;
    const text = scopeText(scope);
    const judged = judge(rulebook, scope, base, state);
    if (!judged.ok) faults.push(...judged.faults);
    else if (text === 'tenant' || state.layers.has(text)) byScope.set(text, judged.policy);
    else byScope.delete(text);
  }
  return { policies: { byScope, behind: false }, faults };
}
