// SPDX-License-Identifier: Apache-2.0
import { OID } from '../../asn1/oids.ts';
import type { PolicyMapping } from './policy-extensions.ts';

/**
 * The policies under which a path holds, as the graph of RFC 9618: one node for each policy and certificate, where
 * the tree of RFC 5280 §6.1.2 has one for each way to it, and so 2^n of them.
 */
interface Node {
  readonly policy: string;
  /** What certificates below may call it. */
  expected: ReadonlySet<string>;
  /** Of the level above. */
  readonly parents: ReadonlySet<Node>;
}
type Level = ReadonlyMap<string, Node>;

/** The lowest level; its nodes lead to those above. Empty: no policy is left. */
export interface PolicyGraph {
  readonly level: Level;
}

const ANY: ReadonlySet<string> = new Set([OID.anyPolicy]);
const EMPTY: PolicyGraph = { level: new Map() };

/** Before the first certificate anything goes. */
export const startOfGraph = (): PolicyGraph => ({
  level: new Map([[OID.anyPolicy, { policy: OID.anyPolicy, expected: ANY, parents: new Set<Node>() }]]),
});

export const isEmpty = ({ level }: PolicyGraph): boolean => level.size === 0;

/**
 * Goes on to a certificate with these policies (RFC 9618 §5.2, steps d and e of RFC 5280 §6.1.3).
 *
 * @param policies null where the extension is absent, after which no policy is left.
 * @param anyCounts whether anyPolicy among them still means any.
 */
export function descend(
  above: PolicyGraph,
  policies: readonly string[] | null,
  anyCounts: boolean,
): PolicyGraph {
  if (policies === null || isEmpty(above)) return EMPTY;
  const expecting = new Map<string, Set<Node>>();
  for (const node of above.level.values()) {
    for (const policy of node.expected) {
      const nodes = expecting.get(policy) ?? new Set();
      expecting.set(policy, nodes.add(node));
    }
  }
  const level = new Map<string, Node>();
  const add = (policy: string, parents: ReadonlySet<Node>) =>
    level.set(policy, { policy, expected: new Set([policy]), parents });
  const any = above.level.get(OID.anyPolicy);
  for (const policy of policies) {
    const parents = expecting.get(policy) ?? (any === undefined ? undefined : new Set([any]));
    if (policy !== OID.anyPolicy && parents !== undefined) add(policy, parents);
  }
  if (!anyCounts || !policies.includes(OID.anyPolicy)) return { level };
  for (const [policy, parents] of expecting) {
    if (!level.has(policy)) add(policy, parents);
  }
  return { level };
}

/**
 * What the authority of the lowest level calls those policies below it (RFC 9618 §5.3, RFC 5280 §6.1.4 b).
 *
 * @param allowed false where mapping is inhibited: a policy that would be mapped is then lost.
 */
export function mapPolicies(
  { level }: PolicyGraph,
  mappings: readonly PolicyMapping[],
  allowed: boolean,
): PolicyGraph {
  const mapped = new Map(level);
  const groups = new Map<string, Set<string>>();
  for (const { issuerDomain, subjectDomain } of mappings) {
    groups.set(issuerDomain, (groups.get(issuerDomain) ?? new Set()).add(subjectDomain));
  }
  for (const [policy, expected] of groups) {
    const own = level.get(policy);
    const any = level.get(OID.anyPolicy);
    if (!allowed) mapped.delete(policy);
    else if (own !== undefined) mapped.set(policy, { ...own, expected });
    else if (any !== undefined) mapped.set(policy, { policy, expected, parents: any.parents });
  }
  return { level: mapped };
}

/**
 * The policies, in the anchor's words, that hold for the whole path (RFC 9618 §5.4); anyPolicy among them means every
 * one.
 */
export function policiesOfPath({ level }: PolicyGraph): ReadonlySet<string> {
  const policies = new Set<string>();
  const seen = new Set<Node>();
  let reached = [...level.values()];
  if (level.has(OID.anyPolicy)) policies.add(OID.anyPolicy);
  while (reached.length > 0) {
    const above = new Set<Node>();
    for (const node of reached) {
      for (const parent of node.parents) {
        if (parent.policy === OID.anyPolicy && node.policy !== OID.anyPolicy) policies.add(node.policy);
        if (!seen.has(parent)) above.add(parent);
        seen.add(parent);
      }
    }
    reached = [...above];
  }
  return policies;
}
