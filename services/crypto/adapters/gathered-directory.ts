// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address, type TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Certificate } from '@securemail/smime';
import type { Directory } from '../domain/directory.ts';
import { keyOf, type Entry, type EntryName } from '../domain/entry.ts';
import { chosenOf, type Judged } from '../domain/judged.ts';
import type { AskFound } from './ask-revocation.ts';
import type { LdapAnswer, LdapDirectories } from './ldap-directory.ts';
import type { SmimeaAnswer, SmimeaRecords } from './smimea-records.ts';
import { storedFor } from './stored-certificates.ts';

/** Where certificates of a tenant are looked up, in this order. */
export interface DirectoriesOf {
  /** What the folder has, and whom it trusts. */
  directory: Directory;
  pool: Pool;
  tenantId: TenantId;
  /** Null where there is none. */
  ldap: LdapDirectories | null;
  /** Null where DNS proves nothing, or is not to be asked. */
  smimea: SmimeaRecords | null;
}

/** A name, and the address as it was given. */
export type AskedName = EntryName & { address?: Address };

/** The directory as it is for the recipients of one email. */
export const gatheredFor = (
  directories: DirectoriesOf,
  recipients: readonly Address[],
  at: Date,
  ask: AskFound | null = null,
): Promise<Directory> =>
  askedToo(
    directories,
    recipients.flatMap((address): AskedName[] => [
      { kind: 'person', name: address.toLowerCase(), address },
      { kind: 'organisation', name: domainOf(address) },
    ]),
    at,
    ask,
  );

/**
 * What is known here for these names, and for people of whom nothing that can be used is known, what others know:
 * directories over LDAP, and DNS.
 *
 * @param ask whether what those bring was revoked; null: what was said of it before counts.
 */
export async function askedToo(
  directories: DirectoriesOf,
  names: readonly AskedName[],
  at: Date,
  ask: AskFound | null = null,
): Promise<Directory> {
  const { directory, pool, tenantId, ldap, smimea } = directories;
  const ofFolder = names.flatMap((name) => directory.fromFolder(name)).map(({ certificate }) => certificate);
  const stored = await storedFor(pool, tenantId, names, ofFolder);
  const known = directory.including(stored);
  if (ldap === null && smimea === null) return known;
  const lacking = names.filter((of) => of.kind === 'person' && chosenOf(known.judged(of, at)) === null);
  if (lacking.length === 0) return known;
  const [answers, associations] = await Promise.all([
    ldap?.lookUp([...new Set(lacking.map(({ name }) => name))]) ?? new Map<string, LdapAnswer>(),
    smimea?.lookUp([...new Set(lacking.flatMap(({ address }) => address ?? []))]) ??
      new Map<Address, SmimeaAnswer>(),
  ]);
  const found = [...answers].flatMap(([name, { certificates }]) => entriesOf(name, certificates));
  const brought = [
    ...found.map(({ certificate }) => certificate),
    ...[...associations.values()].flatMap(({ certificates }) => certificates),
  ];
  // Once more only for what was said of the revocation of these.
  const { entries, checks } =
    brought.length === 0 ? stored : await storedFor(pool, tenantId, names, [...ofFolder, ...brought]);
  const all = {
    entries: [...entries, ...found],
    checks,
    unasked: unaskedIn(answers, associations),
    associations,
  };
  const including = directory.including(all);
  if (ask === null || brought.length === 0) return including;
  const wanted = lacking.flatMap((of) => including.judged(of, at)).filter(isAskedAbout);
  const said = await ask({ pool, directory, tenantId }, wanted, checks, at);
  return said.size === 0 ? including : directory.including({ ...all, checks: new Map([...checks, ...said]) });
}

/** What others brought and would be used, were it not revoked, or were another one that it contradicts. */
const isAskedAbout = ({ source, standing }: Judged): boolean =>
  (source === 'ldap' || source === 'dns') &&
  [null, 'certificate-revoked', 'certificate-conflicting'].includes(standing.obstacle);

const entriesOf = (name: string, certificates: readonly Certificate[]): Entry[] => {
  const chain = certificates.filter(({ authority }) => authority !== null);
  const own = certificates.filter(({ authority }) => authority === null);
  return own.map((certificate) => ({ kind: 'person', name, certificate, source: 'ldap', chain }));
};

/** DNS goes before LDAP: the email may wait for it. */
function unaskedIn(
  answers: ReadonlyMap<string, LdapAnswer>,
  associations: ReadonlyMap<Address, SmimeaAnswer>,
): Map<string, 'ldap' | 'dns'> {
  const failed = (all: ReadonlyMap<string, { failed: boolean }>) =>
    [...all].flatMap(([name, answer]) =>
      answer.failed ? [keyOf({ kind: 'person', name: name.toLowerCase() })] : [],
    );
  return new Map([
    ...failed(answers).map((key) => [key, 'ldap'] as const),
    ...failed(associations).map((key) => [key, 'dns'] as const),
  ]);
}

/**
 * The folder's directory with what is stored for these names, and what is known of the revocation of `others` beside.
 * Throws where the database is away: nobody knows then.
 */
export async function gathered(
  { directory, pool, tenantId }: Omit<DirectoriesOf, 'ldap' | 'smimea'>,
  names: readonly EntryName[],
  others: readonly Certificate[] = [],
): Promise<Directory> {
  const ofFolder = names.flatMap((name) => directory.fromFolder(name)).map(({ certificate }) => certificate);
  return directory.including(await storedFor(pool, tenantId, names, [...ofFolder, ...others]));
}
