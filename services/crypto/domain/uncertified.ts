// SPDX-License-Identifier: Apache-2.0

/** As much of an organisation as tells whether its mails are to carry Signature certificates. */
export interface Certified<Id> {
  id: Id;
  domains: readonly string[];
  wanted: 'always' | 'received' | 'never';
}

/**
 * The organisations that want Signature certificates, and have no key to sign them with: for what they send each of their
 * domains wants one, for what they receive any does.
 */
export const uncertified = <Id>(
  organisations: readonly Certified<Id>[],
  signsFor: (domain: string, domains: readonly string[]) => boolean,
): Id[] =>
  organisations
    .filter(({ domains, wanted }) => {
      const signs = (domain: string) => signsFor(domain, domains);
      if (wanted === 'always') return !domains.every(signs);
      return wanted === 'received' && !domains.some(signs);
    })
    .map(({ id }) => id);
