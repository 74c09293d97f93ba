// SPDX-License-Identifier: Apache-2.0
import { readMailbox, type Certificate } from '@securemail/smime';

/** Who is believed, of whom. */
export interface Trust {
  /** Of everybody. */
  forAll: readonly Certificate[];
  /** Of who is in that domain alone, by the domain. */
  within: ReadonlyMap<string, readonly Certificate[]>;
}

/**
 * Who may vouch for a certificate. Whom is believed of one domain may only where that is all that the certificate names:
 * every mailbox and every domain of it. What names another one as well, or nobody, or in a way that is not understood, is
 * none of theirs.
 */
export function anchorsFor(
  { forAll, within }: Trust,
  { emails, domains }: Pick<Certificate, 'emails' | 'domains'>,
): readonly Certificate[] {
  const named = new Set([...emails.map((email) => readMailbox(email)?.domain ?? null), ...domains]);
  const [domain] = named;
  if (named.size !== 1 || domain === undefined || domain === null) return forAll;
  return [...forAll, ...(within.get(domain) ?? [])];
}
