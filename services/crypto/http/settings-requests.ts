// SPDX-License-Identifier: Apache-2.0
import { foldedAddress, readAddress } from '@securemail/contracts';
import {
  domainScope,
  isOwn,
  readScope,
  scopeText,
  TENANT,
  type Fault,
  type Scope,
  type Tree,
} from '@securemail/policy';
import { faultsOf, PolicyLayer, Problem, type Tenant } from '@securemail/service';
import { z } from 'zod';
import { oneLine } from './one-line.ts';

export const SettingsQuery = z.strictObject({
  domain: z.string().max(255).optional().describe('What holds for everybody in this domain'),
  person: z.string().max(320).optional().describe('What holds for this address'),
});
export const ChangeQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).default('false').describe('true: only tell what would happen'),
});
export const ChangesQuery = z.strictObject({
  scope: z
    .string()
    .max(400)
    .optional()
    .describe('Only what was set for `tenant`, `domains/<domain>` or `people/<address>`'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});
export const ChangeRequest = z.strictObject({
  by: oneLine('the name of who changes it', 200).describe('The name of the person who changes it'),
  reason: oneLine('the reason', 1_000).describe('Why, in words, for the history'),
  /** Judged by {@link readLayer}, so that wrong settings are refused in one way. */
  settings: z.record(z.string(), z.unknown()),
});

/** @throws Problem `settings-refused` with each fault by its path */
export function readLayer(settings: Tree, scope: string): Tree {
  const read = PolicyLayer.safeParse(settings);
  if (read.success) return read.data;
  throw refused(faultsOf(read.error, 'is not a setting').map((fault) => ({ scope, ...fault })));
}

export const refused = (errors: readonly Fault[]) =>
  new Problem('settings-refused', 'Nothing was changed: see "errors".', { errors });

/** @throws Problem `settings-scope-not-found` where it is nobody of the organisation */
export function scopeIn(tenant: Tenant, named: z.output<typeof SettingsQuery>): Scope {
  const scope = scopeNamed(named);
  if (!isOwn(scope, tenant.domains))
    throw notHere(`The domains of your organisation are ${tenant.domains.join(', ')}.`);
  return scope;
}

/** Of the organisation or not: what is left of a domain that was its own may be taken away. */
export function scopeNamed({ domain, person }: z.output<typeof SettingsQuery>): Scope {
  if (domain !== undefined && person !== undefined)
    throw new Problem('invalid-request', 'Ask for a domain or for a person.', {
      errors: [{ path: 'domain', message: 'goes not together with "person"' }],
    });
  if (person !== undefined) return personScope(person);
  return domain === undefined ? TENANT : domainScope(domain);
}

function personScope(text: string): Scope {
  const read = readAddress(text);
  if (!read.ok) throw notHere(`The address ${read.reason}.`);
  return { kind: 'person', address: foldedAddress(read.address) };
}

const notHere = (detail: string) => new Problem('settings-scope-not-found', detail);

/** As changes have it; what is no scope was never changed. */
export function scopeSearched(text: string): string {
  const scope = readScope(text.toLowerCase());
  return scope === null ? text : scopeText(scope);
}

/** @throws Problem `invalid-request` where `If-Match` is no version as `ETag` has it */
export function versionSeen(ifMatch: string | undefined): number {
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch ?? '') ?? [];
  if (version !== undefined) return Number(version);
  const message =
    'the version that you have seen, as the ETag of GET /v1/admin/settings says it: "0" before the first change';
  throw new Problem('invalid-request', 'Say which version you have seen.', {
    errors: [{ path: 'If-Match', message }],
  });
}

export const etagOf = (version: number): string => `"${version}"`;
