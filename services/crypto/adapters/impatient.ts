// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { TlsPolicies } from '@securemail/tls-policy';
import type { LdapDirectories } from './ldap-directory.ts';
import { FAILED, type SmimeaRecords } from './smimea-records.ts';

/**
 * For whoever waits while he types: what is not known by a moment counts as failed. The question goes on, and its answer
 * is remembered for the next time.
 */
export interface Impatient {
  ldap: LdapDirectories | null;
  smimea: SmimeaRecords | null;
  policies: TlsPolicies;
}

/**
 * @param directoriesMs from now, so long directories of certificates may take.
 * @param allMs from now, so long all of it may take, however many are asked about.
 */
export function impatient(
  { ldap, smimea, policies }: Impatient,
  { directoriesMs, allMs }: { directoriesMs: number; allMs: number },
): Impatient {
  const directories = waitingUntil(Date.now() + directoriesMs);
  const all = waitingUntil(Date.now() + allMs);
  return {
    ldap: ldap && {
      lookUp: (addresses) => {
        const failed = addresses.map((address) => [address, { certificates: [], failed: true }] as const);
        return directories(ldap.lookUp(addresses), new Map(failed));
      },
    },
    smimea: smimea && {
      lookUp: async (addresses) => {
        const answers = addresses.map(async (address) => {
          const found = smimea.lookUp([address]).then((one) => one.get(address) ?? FAILED);
          return [address, await directories(found, FAILED)] as const;
        });
        return new Map(await Promise.all(answers));
      },
    },
    policies: {
      of: (domain, pin) => all(policies.of(domain, pin), { kind: 'lookup-failed', what: 'mx', hosts: [] }),
    },
  };
}

/** Waits until then, epoch in ms; what fails fails. */
export const waitingUntil =
  (until: number) =>
  async <T>(found: Promise<T>, otherwise: T): Promise<T> => {
    found.catch(() => undefined);
    const over = new AbortController();
    const late = sleep(Math.max(0, until - Date.now()), otherwise, { signal: over.signal });
    late.catch(() => undefined);
    return await Promise.race([found, late]).finally(() => {
      over.abort();
    });
  };
