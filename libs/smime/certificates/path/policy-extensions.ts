// SPDX-License-Identifier: Apache-2.0
import { children, contextPrimitive, DerError, readOid, TAG, type DerValue } from '../../asn1/der.ts';
import { fieldsOf, readSmallInteger } from '../../asn1/fields.ts';

/** certificatePolicies (RFC 5280 §4.2.1.4): object identifiers; qualifiers are text for people. @throws DerError */
export function readPolicies(value: DerValue): readonly string[] {
  const policies = children(value).map((information) => readOid(fieldsOf(information).take(TAG.oid)));
  if (policies.length === 0) throw new DerError('no policy');
  if (new Set(policies).size < policies.length) throw new DerError('a policy stands twice');
  return policies;
}

export interface PolicyMapping {
  readonly issuerDomain: string;
  readonly subjectDomain: string;
}

/** policyMappings (RFC 5280 §4.2.1.5). @throws DerError */
export function readPolicyMappings(value: DerValue): readonly PolicyMapping[] {
  const mappings = children(value).map((mapping) => {
    const fields = fieldsOf(mapping);
    const pair = { issuerDomain: readOid(fields.take()), subjectDomain: readOid(fields.take()) };
    fields.end();
    return pair;
  });
  if (mappings.length === 0) throw new DerError('no mapping');
  return mappings;
}

/** Certificates that may follow; null where there is no such limit. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | null;
  readonly inhibitPolicyMapping: number | null;
}

/** policyConstraints (RFC 5280 §4.2.1.11). @throws DerError, also for an empty one. */
export function readPolicyConstraints(value: DerValue): PolicyConstraints {
  const fields = fieldsOf(value);
  const number = (tag: number) => {
    const field = fields.optional(contextPrimitive(tag));
    return field === null ? null : readSmallInteger({ ...field, tag: TAG.integer });
  };
  const constraints = { requireExplicitPolicy: number(0), inhibitPolicyMapping: number(1) };
  fields.end();
  if (constraints.requireExplicitPolicy === null && constraints.inhibitPolicyMapping === null) {
    throw new DerError('a constraint to nothing');
  }
  return constraints;
}
