// SPDX-License-Identifier: Apache-2.0
import { lettersOf, readDomain } from '@securemail/contracts';
import { readMailbox, type Capability, type Certificate } from '@securemail/smime';
import type { Associations } from './smimea.ts';

export const ENTRY_KINDS = ['person', 'organisation'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Where a certificate is known from, in the order in which they are looked up. */
export const SOURCES = ['folder', 'uploaded', 'partner-list', 'harvested', 'ldap', 'dns'] as const;
export type Source = (typeof SOURCES)[number];

/** For whom a certificate is used: a person's address, or an organisation's domain, in lower case and A-labels. */
export interface EntryName {
  kind: EntryKind;
  name: string;
}

/**
 * What a person is called here, by an address as a certificate has it: it may write the domain in letters (SmtpUTF8Mailbox of
 * RFC 8398, or where it should not), and mail has it in A-labels. To find by: whether it is the same mailbox is judged apart.
 */
export function personName(address: string): string {
  const local = address.slice(0, address.lastIndexOf('@') + 1);
  const domain = readMailbox(address)?.domain ?? address.slice(local.length);
  return (local + domain).toLowerCase();
}

/** What an address or a domain is called here, however somebody writes it. */
export const nameFrom = (addressOrDomain: string): EntryName =>
  addressOrDomain.includes('@')
    ? { kind: 'person', name: personName(addressOrDomain) }
    : { kind: 'organisation', name: readDomain(addressOrDomain) ?? addressOrDomain.toLowerCase() };

/** What to look for in names where somebody gives a part of one: it may be one of a domain in letters, or of a mailbox. */
export const spellingsOf = (part: string): string[] => [
  ...new Set([part.toLowerCase(), nameFrom(part).name]),
];

/** Letters beyond ASCII: a part of a label that has them is no part of its A-label. */
const isInLetters = (part: string) => /[^\u0000-\u007f]/.test(part);

/** What names have to have that may be found by a part in letters: those with A-labels are read one by one. */
export const candidatesFor = (part: string): string[] =>
  isInLetters(part) ? [...spellingsOf(part), 'xn--'] : spellingsOf(part);

/** Whether a candidate is found by it. */
export const isFoundBy = (name: string, part: string): boolean =>
  !isInLetters(part) ||
  spellingsOf(part).some((each) => name.includes(each)) ||
  lettersOf(name).includes(part.toLowerCase().normalize('NFC'));

/** The address by which a certificate names somebody, as it writes it. */
export const ownSpelling = ({ emails }: Pick<Certificate, 'emails'>, name: string): string =>
  emails.find((email) => personName(email) === name) ?? name;

/** As some write whom they mean by all of a domain: no mail has such an address, and a person's certificate is for persons. */
const isPattern = (address: string) => address.startsWith('*@');

/** All persons whom a certificate names, each once. */
export const peopleIn = ({ emails }: Pick<Certificate, 'emails'>): string[] => [
  ...new Set(emails.map(personName).filter((name) => !isPattern(name))),
];

/** A certificate in the directory, for one name; a certificate that names several people is an entry for each. */
export interface Entry extends EntryName {
  certificate: Certificate;
  source: Source;
  /** Authorities that came along with it and prove nothing by themselves. */
  chain: readonly Certificate[];
  /** What its holder reads, as he said in the last mail that he signed validly; absent where he did not. */
  capabilities?: readonly Capability[] | null;
}

/** What its issuer, or one above, said about revocation when it was last asked. */
export interface RevocationCheck {
  status: 'good' | 'revoked' | 'unknown';
  /** For an administrator; names no person. */
  detail: string;
  checkedAt: Date;
}

/** What is stored or was found for some names, and what is known of revocation, by SHA-256; also of the folder's certificates. */
export interface Stored {
  entries: readonly Entry[];
  checks: ReadonlyMap<string, RevocationCheck>;
  /**
   * Names, as {@link keyOf} writes them, for which something could not be asked that might know a certificate; `dns` where
   * it was DNS, whatever else.
   */
  unasked: ReadonlyMap<string, 'ldap' | 'dns'>;
  /** What DNSSEC proves, by the address as it is written: to whom one spelling belongs says nothing of another. */
  associations: ReadonlyMap<string, Associations>;
}

export const NOTHING_STORED: Stored = {
  entries: [],
  checks: new Map(),
  unasked: new Map(),
  associations: new Map(),
};

/** A name as a key of maps. */
export const keyOf = ({ kind, name }: EntryName): string => `${kind} ${name}`;
