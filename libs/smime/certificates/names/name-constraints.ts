// SPDX-License-Identifier: Apache-2.0
import { children, context, DerError, TAG, type DerValue } from '../../asn1/der.ts';
import { fieldsOf } from '../../asn1/fields.ts';
import { readGeneralName, type GeneralName } from './general-name.ts';
import { asciiDomain } from './mailbox.ts';
import { coversMailOf, matchesConstraint } from './matches-constraint.ts';

/** The extension nameConstraints (RFC 5280 §4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** @throws DerError, also for one that constrains nothing, or uses the minimum and maximum that RFC 5280 forbids. */
export function readNameConstraints(value: DerValue): NameConstraints {
  const fields = fieldsOf(value);
  const permitted = fields.optional(context(0));
  const excluded = fields.optional(context(1));
  fields.end();
  const constraints = { permitted: subtrees(permitted), excluded: subtrees(excluded) };
  if (constraints.permitted.length + constraints.excluded.length === 0) throw new DerError('no subtree');
  return constraints;
}

function subtrees(value: DerValue | null): GeneralName[] {
  return (value === null ? [] : children(value)).map((subtree) => {
    const [base, ...more] = subtree.tag === TAG.sequence ? children(subtree) : [];
    if (base === undefined || more.length > 0) throw new DerError('a subtree with minimum or maximum');
    return readGeneralName(base);
  });
}

/** Comparisons of names for one path. More serves only to keep somebody busy. */
const MAX_COMPARISONS = 100_000;

/** What the authorities of a path allow their holders to be called; grows from the anchor down. */
export interface NameRules {
  add(constraints: NameConstraints): void;
  /** @throws DerError where a name cannot be judged, or there is too much to compare. */
  allow(names: readonly GeneralName[]): boolean;
  /**
   * Whether who has these host names may speak for the mail of these domains, as a dNSName lets him (RFC 3183). RFC 5280
   * holds constraints to mailboxes against mailboxes alone, so that an authority for the mail of one organisation could
   * make certificates for that of every other.
   *
   * @throws DerError as above
   */
  allowMailOf(names: readonly GeneralName[]): boolean;
}

/** A name is good that lies in a permitted subtree of each authority that permits any of its kind, and in no excluded one. */
export function nameRules(): NameRules {
  const all: NameConstraints[] = [];
  let left = MAX_COMPARISONS;
  const count = ({ permitted, excluded }: NameConstraints) => {
    left -= permitted.length + excluded.length;
    if (left < 0) throw new DerError('more names and constraints than are compared here');
  };
  return {
    add: (constraints) => {
      all.push(constraints);
    },
    allow: (names) =>
      names.every((name) =>
        all.every((constraints) => {
          count(constraints);
          const { permitted, excluded } = constraints;
          const allowed = permitted.filter((base) => sameForm(name, base));
          const barred = excluded.filter((base) => sameForm(name, base));
          return (
            !barred.some((base) => matchesConstraint(name, base, 'any')) &&
            (allowed.length === 0 || allowed.some((base) => matchesConstraint(name, base, 'all')))
          );
        }),
      ),
    allowMailOf: (names) =>
      domainsOf(names).every((domain) =>
        all.every((constraints) => {
          count(constraints);
          const [allowed, barred] = [mailboxesIn(constraints.permitted), mailboxesIn(constraints.excluded)];
          return (
            !barred.some((base) => coversMailOf(domain, base, 'any')) &&
            (allowed.length === 0 || allowed.some((base) => coversMailOf(domain, base, 'all')))
          );
        }),
      ),
  };
}

/** One with a wildcard is nobody's mail domain. */
const domainsOf = (names: readonly GeneralName[]): string[] =>
  names.flatMap((name) => (name.kind === 'dns' ? (asciiDomain(name.text) ?? []) : []));

const mailboxesIn = (bases: readonly GeneralName[]): string[] =>
  bases.flatMap((base) => (base.kind === 'mailbox' ? [base.text] : []));

/** Whether a constraint is about such names. */
const sameForm = (name: GeneralName, base: GeneralName) =>
  name.kind === 'other' ? base.kind === 'other' && name.form === base.form : name.kind === base.kind;
