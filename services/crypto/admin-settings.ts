// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import {
  changeSettings,
  effectiveFor,
  historyOfChanges,
  layerOf,
  pathText,
  readState,
  scopeText,
  TENANT,
  treeOf,
  type Change,
  type Command,
  type Decision,
  type Difference,
  type Origin,
  type Rulebook,
  type Scope,
  type State,
} from '@securemail/policy';
import { baseOf, impossible, Policy, RULEBOOK, strangeContacts, type Tenant } from '@securemail/service';
import { CONTACT_FORWARDS } from './domain/contact-texts.ts';
import type { Directory } from './domain/directory.ts';

/** The settings of an organisation, for its administrators. */
export interface SettingsOf {
  pool: Pool;
  tenant: Tenant;
  /** Whose keys sign; null where nobody's settings depend on it. */
  directory: Directory | null;
}

/** What holds for a scope, what of it is set just there, and where each value comes from. */
export async function showSettings({ pool, tenant }: SettingsOf, scope: Scope) {
  const state = await readState(pool, tenant.id);
  const leaves = effectiveFor(scope, baseOf(tenant), state);
  return {
    scope: scopeText(scope),
    version: state.version,
    settings: layerOf(state, scopeText(scope)).settings,
    effective: treeOf(leaves),
    values: leaves.map(({ path, value, origin }) => ({
      path: pathText(path),
      value,
      origin: originView(origin),
    })),
  };
}

/** Makes a change where it is a good one, also by what keys there are at the moment. */
export const changeFor = (
  { pool, tenant, directory }: SettingsOf,
  command: Command,
  dryRun: boolean,
): Promise<Decision> =>
  changeSettings(pool, tenant.id, command, {
    base: baseOf(tenant),
    domains: tenant.domains,
    rulebook: rulebookOf(tenant, directory, command.at),
    dryRun,
  });

/** What is no reason to refuse a change, and to be known by who makes it. */
export interface SettingsWarning {
  /** Id in `contacts`. */
  contact: string;
  warning: 'forwards-outside';
  /** In the organisation's language. */
  text: string;
}

/**
 * Contacts for whom, by these settings, what is written in SecureMailBox is held.
 *
 * @param forwards own mailboxes that forward outside.
 */
export function contactWarnings(
  tenant: Tenant,
  state: State,
  forwards: (mailbox: Address) => boolean,
): SettingsWarning[] {
  const base = baseOf(tenant);
  const policyOf = (scope: Scope) => Policy.parse(treeOf(effectiveFor(scope, base, state)));
  const { contacts, language } = policyOf(TENANT);
  return Object.entries(contacts).flatMap(([contact, { address }]) =>
    forwards(address) && policyOf({ kind: 'person', address }).guards.forwardsOutside === 'refuse'
      ? [{ contact, warning: 'forwards-outside' as const, text: CONTACT_FORWARDS[language] }]
      : [],
  );
}

export interface HistoryPage {
  changes: ReturnType<typeof changeView>[];
  /** The version before which to go on; null after the last. */
  next: number | null;
}

/** Newest first. */
export async function changesOf(
  { pool, tenant }: Pick<SettingsOf, 'pool' | 'tenant'>,
  { limit, ...filter }: { scope: string | null; before: number | null; limit: number },
): Promise<HistoryPage> {
  const found = await historyOfChanges(pool, { tenantId: tenant.id, ...filter, limit: limit + 1 });
  const page = found.slice(0, limit);
  return {
    changes: page.map(changeView),
    next: found.length > limit ? (page.at(-1)?.version ?? null) : null,
  };
}

export const differenceView = ({ scope, path, from, to }: Difference & { scope: string }) => ({
  scope,
  path,
  from: sideView(from),
  to: sideView(to),
});

const sideView = (side: Difference['from']) =>
  side === null ? null : { value: side.value, origin: originView(side.origin) };

const originView = ({ layer, of, since }: Origin) => ({
  layer,
  of,
  ...(since === null ? {} : { ...since, at: since.at.toISOString() }),
});

const changeView = ({ patches, at, ...change }: Change) => ({
  ...change,
  at: at.toISOString(),
  changes: Object.entries(patches).map(([scope, settings]) => ({ scope, settings })),
});

const rulebookOf = (tenant: Tenant, directory: Directory | null, at: Date): Rulebook<Policy> => ({
  ...RULEBOOK,
  impossible: (policy, scope) => [
    ...impossible(policy, {
      signs: directory === null || signs(scope, tenant, directory, at),
      mailbox: tenant.mailbox !== undefined,
    }),
    ...strangeContacts(policy.contacts, tenant.domains).map(({ path, message }) => ({
      path: pathText(['contacts', ...path]),
      message,
    })),
  ],
});

function signs(scope: Scope, { domains }: Tenant, directory: Directory, at: Date): boolean {
  switch (scope.kind) {
    case 'tenant':
      return domains.some((domain) => directory.anySignerWithin(domain, at));
    case 'domain':
      return directory.anySignerWithin(scope.domain, at);
    case 'person': {
      const address = Address.safeParse(scope.address);
      return address.success && directory.anySignerFor(address.data, at);
    }
    default:
      return scope satisfies never;
  }
}
