// SPDX-License-Identifier: Apache-2.0
import { foldedAddress, type Address, type TenantId } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import type { Pool } from '@securemail/event-store';
import {
  followChanges,
  lineOf,
  NOTHING_SET,
  scopeText,
  TENANT,
  type Change,
  type Scope,
  type State,
} from '@securemail/policy';
import type { Logger } from '@securemail/telemetry';
import { policiesAfter, type PoliciesByScope } from './policies-by-scope.ts';
import type { Policy } from './settings/policy.ts';
import type { Tenant } from './settings/tenant.ts';

/** So long it may take until a change counts everywhere. Milliseconds. */
const POLL_MS = 2_000;

/** What holds for whom, by the configuration file and by what administrators set. */
export interface Policies {
  /** Of who sends for the organisation: the person's, also where he sends as a subaddress, else the domain's, else the organisation's. Null: nobody is known. */
  of(tenant: Tenant, sender: Address | null): Policy;
  /** Looks for changes now instead of at the next look. @throws where the database does not answer */
  refresh: () => Promise<void>;
  close: () => Promise<void>;
}

export interface PoliciesOptions {
  pool: Pool;
  tenants: ReadonlyMap<TenantId, Tenant>;
  logger: Logger;
  /** How often is looked for changes, milliseconds. */
  pollMs?: number;
}

/**
 * Reads what administrators set and keeps up with it: a change counts within seconds, without a restart. While the
 * database is away, or where a change does not go with the configuration of this process, the former policy stays.
 *
 * @throws where the database does not answer at the start, or what is stored does not go with the configuration.
 */
export async function openPolicies(options: PoliciesOptions): Promise<Policies> {
  const { pool, tenants, logger, pollMs = POLL_MS } = options;
  const inUse = new Map<TenantId, PoliciesByScope>();
  let started = false;
  const take = (tenant: Tenant, state: State, changes: readonly Change[]) => {
    const known = inUse.get(tenant.id) ?? null;
    const { policies, faults } = policiesAfter(known, tenant, state, changes);
    if (faults.length === 0) {
      inUse.set(tenant.id, policies);
      return;
    }
    if (!started) throw new SettingsError(tenant.id, faults);
    if (known !== null) inUse.set(tenant.id, { ...known, behind: true });
    const { version } = state;
    logger.error(
      { tenantId: tenant.id, version, settings: faults.map(({ path }) => path) },
      'settings were changed in a way that does not go with the configuration of this process: the former ones stay',
    );
  };
  for (const tenant of tenants.values()) take(tenant, NOTHING_SET, []);
  const following = await followChanges({
    pool,
    tenants: [...tenants.keys()],
    pollMs,
    changed: (tenantId, state, changes) => {
      const tenant = tenants.get(tenantId);
      if (tenant !== undefined) take(tenant, state, changes);
    },
    away: (error) => {
      logger.warn({ reason: reasonOf(error) }, 'settings can not be read: the last that were known stay');
    },
    back: () => {
      logger.info('settings can be read again');
    },
  });
  started = true;
  return {
    of: (tenant, sender) => {
      const byScope = inUse.get(tenant.id)?.byScope;
      for (const scope of sender === null ? [TENANT] : lineOf(personOf(sender)).toReversed()) {
        const policy = byScope?.get(scopeText(scope));
        if (policy !== undefined) return policy;
      }
      throw new Error(`no policy is known of the tenant ${tenant.id}`);
    },
    refresh: following.refresh,
    close: following.close,
  };
}

/** A person's settings are found without regard to the case of the address, and to how its letters are composed. */
export const personOf = (address: Address): Scope => ({
  kind: 'person',
  address: foldedAddress(address),
});

class SettingsError extends Error {
  override name = 'SettingsError';
  constructor(tenantId: TenantId, faults: readonly { scope: string; path: string; message: string }[]) {
    const lines = faults.map(({ scope, path, message }) => `  ${scope}: ${path}: ${message}`);
    super(
      `what administrators of ${tenantId} set does not go with the configuration (mend either; "securemail config" changes the former):\n${lines.join('\n')}`,
    );
  }
}
