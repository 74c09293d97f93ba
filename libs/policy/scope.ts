// SPDX-License-Identifier: Apache-2.0
import { readDomain, withoutDetail } from '@securemail/contracts';

/** For whom a setting is set: the whole organisation, all of a domain, or one person. Names are in lower case and composed (NFC), domains in A-labels. */
export type Scope =
  { kind: 'tenant' } | { kind: 'domain'; domain: string } | { kind: 'person'; address: string };

export const TENANT: Scope = { kind: 'tenant' };

/** `tenant`, `domains/demo.example`, `people/anna@demo.example`: as it stands in paths, files and events. */
export function scopeText(scope: Scope): string {
  switch (scope.kind) {
    case 'tenant':
      return 'tenant';
    case 'domain':
      return `domains/${scope.domain}`;
    case 'person':
      return `people/${scope.address}`;
    default:
      return scope satisfies never;
  }
}

/** The opposite of {@link scopeText}; null where it is none. Case is of no account, nor how a letter is composed, nor whether a domain is in letters. */
export function readScope(text: string): Scope | null {
  if (text === 'tenant') return TENANT;
  const [, kind, name] = /^(domains|people)\/(.+)$/s.exec(text.toLowerCase().normalize('NFC')) ?? [];
  if (name === undefined) return null;
  if (kind === 'domains') return domainScope(name);
  const [, local = '', domain] = /^([^@]+)@([^@]+)$/.exec(name) ?? [];
  return domain === undefined ? null : { kind: 'person', address: `${local}@${inALabels(domain)}` };
}

/** Of what is no domain: nobody's. */
export const domainScope = (text: string): Scope => ({ kind: 'domain', domain: inALabels(text) });

const inALabels = (domain: string): string => readDomain(domain) ?? domain.toLowerCase();

/** The domain that a scope is of, or is; null for the organisation. */
export function domainOfScope(scope: Scope): string | null {
  if (scope.kind === 'tenant') return null;
  return scope.kind === 'domain' ? scope.domain : scope.address.slice(scope.address.lastIndexOf('@') + 1);
}

/** What a scope inherits from, farthest first, and last itself. Who writes as a subaddress of himself is who he is. */
export function lineOf(scope: Scope): Scope[] {
  const domain = domainOfScope(scope);
  if (domain === null) return [scope];
  const above: Scope[] = [TENANT, { kind: 'domain', domain }];
  if (scope.kind !== 'person') return above;
  const person = withoutDetail(scope.address);
  return [...above, ...(person === null ? [] : [{ kind: 'person', address: person } as const]), scope];
}

/** Whether what is set for one of `changed` may count for a scope. */
export function inheritingFromAny(changed: readonly Scope[]): (scope: Scope) => boolean {
  const texts = new Set(changed.map(scopeText));
  return (scope) => lineOf(scope).some((each) => texts.has(scopeText(each)));
}
