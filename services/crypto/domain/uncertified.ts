// SPDX-License-Identifier: Apache-2.0

/** As much of an organisation as tells whether its mails are to carry Signature certificates. */
export interface Certified<Id> {
  id: Id;
  domains: readonly string[];
  wanted: 'always' | 'received' | 'never';
}

/** The organisations that want Signature certificates, and have no key to sign them with for any of their domains. */
export const uncertified = <Id>(
  organisations: readonly Certified<Id>[],
  signsFor: (domain: string) => boolean,
): Id[] =>
  organisations
    .filter(({ domains, wanted }) => wanted !== 'never' && !domains.some(signsFor))
    .map(({ id }) => id);
