// SPDX-License-Identifier: Apache-2.0
import { LRUCache } from 'lru-cache';
import { resolvePolicy } from 'mailauth/lib/mta-sts.js';
import type { Resolver } from '../dns/resolver.ts';
import { NoPolicyError, type StsPolicy } from './fetch-policy.ts';
import { stsFaultOf, type StsFault } from './sts-fault.ts';

export type FoundPolicy =
  | { kind: 'policy'; policy: StsPolicy }
  /** The domain has none, or one that breaks a rule for good, which is as if it had none (RFC 8461 §3.1, §3.3). */
  | { kind: 'none'; fault?: StsFault }
  /** It says that it has one, or nobody knows whether (then without `fault`); it could not be had now. */
  | { kind: 'failed'; fault?: StsFault };

export interface StsPoliciesOptions {
  resolver: Resolver;
  fetch: (domain: string) => Promise<StsPolicy>;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Policies that are remembered. @default 10000 */
  limit?: number;
}

/** RFC 8461 §3.2 knows no more; a year. */
const MAX_AGE_SECONDS = 31_557_600;

/**
 * The policies of domains, remembered as long as they say. One that is remembered counts on where DNS or the policy host
 * fails or falls silent (RFC 8461 §5.1), so that who comes in between can not make it be forgotten.
 */
export function stsPolicies({ resolver, fetch, clock = Date.now, limit = 10_000 }: StsPoliciesOptions) {
  const remembered = new LRUCache<string, { id: string; policy: StsPolicy; expiresAt: number }>({
    max: limit,
  });
  const known = (domain: string) => {
    const each = remembered.get(domain);
    return each !== undefined && each.expiresAt > clock() ? each : null;
  };
  return {
    async of(domain: string): Promise<FoundPolicy> {
      const former = known(domain);
      const otherwise: FoundPolicy =
        former === null ? { kind: 'failed' } : { kind: 'policy', policy: former.policy };
      let id: string | false;
      try {
        id = await resolvePolicy(domain, { strict: true, resolver: texts(resolver) });
      } catch (error) {
        return former === null && isTwice(error) ? { kind: 'none' } : otherwise;
      }
      if (id === false) return former === null ? { kind: 'none' } : otherwise;
      if (id === former?.id) return otherwise;
      try {
        const policy = await fetch(domain);
        const expiresAt = clock() + Math.min(policy.maxAgeSeconds, MAX_AGE_SECONDS) * 1_000;
        remembered.set(domain, { id, policy, expiresAt });
        return { kind: 'policy', policy };
      } catch (error) {
        if (former !== null) return otherwise;
        return { kind: error instanceof NoPolicyError ? 'none' : 'failed', fault: stsFaultOf(error) };
      }
    },
  };
}
export type StsPolicies = ReturnType<typeof stsPolicies>;

/** Several records, of which none counts (RFC 8461 §3.1). */
const isTwice = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'multi_sts_records';

/** The form in which `mailauth` asks for TXT records. */
const texts = (resolver: Resolver) => async (name: string) => {
  const { records } = await resolver.query(name, 'TXT');
  return records.map((text) => [text]);
};
