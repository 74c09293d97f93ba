// SPDX-License-Identifier: Apache-2.0
import { tlsTo, type Tenant } from '@securemail/service';
import type { TlsPolicies } from '@securemail/tls-policy';
import type { Finding } from '../domain/methods/method.ts';
import { tlsFinding } from '../domain/tls-finding.ts';
import { fewAtATime } from '../few-at-a-time.ts';

/** Domains of one email that are looked up side by side. */
const AT_ONCE = 16;

export interface Asking {
  tenant: Tenant | undefined;
  policies: TlsPolicies;
  /** Epoch in ms: from then on nobody else is asked about, and has no finding. */
  until: number;
  /** Called after each domain: many slow ones are not a standstill. */
  progressed: () => void;
}

/** What stands in the way of enforced TLS, by domain, to those whom nothing stronger reaches. */
export async function tlsFindings(
  domains: readonly string[],
  { tenant, policies, until, progressed }: Asking,
): Promise<Map<string, Finding>> {
  const found = await fewAtATime(AT_ONCE, domains, async (domain) => {
    if (Date.now() >= until) return [];
    const finding = tlsFinding(await tlsTo(domain, tenant, policies));
    progressed();
    return [[domain, finding] as const];
  });
  return new Map(found.flat());
}
