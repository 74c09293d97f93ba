// SPDX-License-Identifier: Apache-2.0
import { OID } from '../../asn1/oids.ts';
import type { PathDetails } from './path-details.ts';
import { descend, isEmpty, mapPolicies, policiesOfPath, startOfGraph } from './policy-graph.ts';

/** The inputs of RFC 5280 §6.1.1 that are about policies; without them any policy, or none, will do. */
export interface PolicyInputs {
  /** One of these must hold for the whole path. @default any */
  readonly initialPolicies?: readonly string[] | undefined;
  /** The path must hold under some policy. @default false */
  readonly requireExplicitPolicy?: boolean | undefined;
  /** @default false */
  readonly inhibitPolicyMapping?: boolean | undefined;
  /** @default false */
  readonly inhibitAnyPolicy?: boolean | undefined;
}

/** Follows a path from the certificate under the anchor to the last. */
export interface PolicyRules {
  /** RFC 5280 §6.1.3 d to f. */
  enter(certificate: PathDetails, isLast: boolean): boolean;
  /** RFC 5280 §6.1.4 a, b and h to j, for each but the last. */
  leave(certificate: PathDetails): boolean;
  /** RFC 5280 §6.1.5 g: the policies that hold, null where none does and one is needed. */
  finish(): ReadonlySet<string> | null;
}

export function policyRules(inputs: PolicyInputs): PolicyRules {
  let graph = startOfGraph();
  // How many certificates may still come before the rule holds.
  let explicitIn = inputs.requireExplicitPolicy === true ? 0 : Infinity;
  let noMappingIn = inputs.inhibitPolicyMapping === true ? 0 : Infinity;
  let noAnyIn = inputs.inhibitAnyPolicy === true ? 0 : Infinity;
  const lessOne = (count: number) => Math.max(0, count - 1);

  return {
    enter({ policies, selfIssued, policyConstraints }, isLast) {
      graph = descend(graph, policies, noAnyIn > 0 || (!isLast && selfIssued));
      if (explicitIn === 0 && isEmpty(graph)) return false;
      if (isLast) {
        explicitIn = lessOne(explicitIn);
        if (policyConstraints?.requireExplicitPolicy === 0) explicitIn = 0;
      }
      return true;
    },
    leave({ policyMappings, selfIssued, policyConstraints, inhibitAnyPolicy }) {
      const mapsAny = policyMappings.some(
        ({ issuerDomain, subjectDomain }) =>
          issuerDomain === OID.anyPolicy || subjectDomain === OID.anyPolicy,
      );
      if (mapsAny) return false;
      graph = mapPolicies(graph, policyMappings, noMappingIn > 0);
      if (!selfIssued) {
        explicitIn = lessOne(explicitIn);
        noMappingIn = lessOne(noMappingIn);
        noAnyIn = lessOne(noAnyIn);
      }
      explicitIn = Math.min(explicitIn, policyConstraints?.requireExplicitPolicy ?? Infinity);
      noMappingIn = Math.min(noMappingIn, policyConstraints?.inhibitPolicyMapping ?? Infinity);
      noAnyIn = Math.min(noAnyIn, inhibitAnyPolicy ?? Infinity);
      return true;
    },
    finish() {
      const holding = policiesOfPath(graph);
      const wanted = inputs.initialPolicies;
      const policies =
        wanted === undefined || wanted.includes(OID.anyPolicy)
          ? holding
          : new Set(wanted.filter((policy) => holding.has(OID.anyPolicy) || holding.has(policy)));
      return explicitIn === 0 && policies.size === 0 ? null : policies;
    },
  };
}
