// SPDX-License-Identifier: Apache-2.0
import { domainOf, withoutDetail, type Address } from '@securemail/contracts';
import {
  judgeCertificate,
  type Certificate,
  type Choosing,
  type EnvelopeKind,
  type Signer,
  type Unwrapper,
} from '@securemail/smime';
import type { CertificateObstacle } from './certificate-state.ts';
import {
  keyOf,
  NOTHING_STORED,
  peopleIn,
  type Entry,
  type EntryKind,
  type EntryName,
  type Source,
  type Stored,
} from './entry.ts';
import { chosenOf, judgeEntries, type Judged } from './judged.ts';
import { newestFirst, type OwnKey } from './own-key.ts';
import { NO_ASSOCIATIONS, type Associations } from './smimea.ts';
import { anchorsFor, type Trust } from './trust.ts';

/** A certificate to encrypt for, and who may share an envelope with it; or what stands in the way. */
export type Lookup =
  | {
      ok: true;
      certificate: Certificate;
      /** See `Entry`. */
      capabilities?: Entry['capabilities'];
      envelope: EnvelopeKind;
      source: Source;
      /** See `Judged`. */
      endsAt: Date;
    }
  | { ok: false; because: 'no-certificate' | 'certificate-lookup-failed' | CertificateObstacle };

/** A signer, and whether it is the sender's own. */
export interface FoundSigner {
  signer: Signer;
  whose: 'person' | 'organisation';
}

/** Whose certificates and keys there are, at a moment. */
export interface Directory {
  person(address: Address, at: Date): Lookup;
  organisation(domain: string, at: Date): Lookup;
  /** The sender's own key, else the organisation's. */
  signerFor(address: Address, at: Date): FoundSigner | null;
  /** Who signs for the organisation of a domain. */
  organisationSigner(domain: string, at: Date): Signer | null;
  /**
   * Who opens what was encrypted for somebody of our own, or for his organisation: old and retired keys, too. A subaddress
   * (`anna+news@…`) that has no key of its own is the person's whose mailbox is behind it.
   *
   * @param domains all of the organisation: each of its keys opens for everybody in it. None of another tenant's.
   */
  unwrappersFor(address: Address, domains: readonly string[]): readonly Unwrapper[];
  /** Whether there is a key that signs for the organisation, or for anybody in it; in a token it need not be open for that. */
  anySignerWithin(domain: string, at: Date): boolean;
  /** The same of a sender: a key of his own, or the organisation's. */
  anySignerFor(address: Address, at: Date): boolean;
  /** Everything there is for a name, and where each stands. */
  judged(of: EntryName & { address?: string }, at: Date): Judged[];
  /** What was read from the folder: for one name, or all of it. */
  fromFolder(of?: EntryName): readonly Entry[];
  /** What is stored for a name, as it was included. */
  stored(of: EntryName): Stored;
  /** All keys of our own, by their certificates. */
  readonly ownKeys: readonly OwnKey[];
  /** Who may vouch for certificates of everybody, our own among them. */
  readonly trustAnchors: readonly Certificate[];
  /** Who may vouch for this certificate: see {@link anchorsFor}. */
  readonly anchorsFor: (certificate: Certificate) => readonly Certificate[];
  readonly choosing: Choosing;
  /** The same, with what is stored for the names that will be asked for. */
  including(stored: Stored): Directory;
}

/** A key that opens what was encrypted for these: addresses of a person, or the domain of an organisation. */
export interface Opener {
  kind: EntryKind;
  names: readonly string[];
  unwrapper: Unwrapper;
}

/** Everything that was read, organisations by their domain. */
export interface Contents {
  authorities: readonly Certificate[];
  /** Who may vouch for certificates of one domain, by the domain; none of them is an own one. */
  authoritiesWithin?: ReadonlyMap<string, readonly Certificate[]>;
  people: readonly Certificate[];
  organisations: ReadonlyMap<string, readonly Certificate[]>;
  signersOfPeople: readonly Signer[];
  signersOfOrganisations: ReadonlyMap<string, readonly Signer[]>;
  /** Who opens, by whom it is for. */
  openers?: readonly Opener[];
  /** All keys of our own, also those that sign no more. */
  ownKeys?: readonly OwnKey[];
}

/**
 * Chooses from what was read: of several certificates the one that holds longest of those that hold and can be
 * encrypted for (see judged.ts), of several keys that hold the newest (see own-key.ts). People are found by their addresses without
 * regard to case, however many there are.
 *
 * @param choosing how to encrypt for certificates that do not say what their holders read.
 */
export function directoryOf(contents: Contents, choosing: Choosing = {}): Directory {
  const { authorities: trustAnchors, organisations, openers = [], ownKeys = [] } = contents;
  const trust: Trust = { forAll: trustAnchors, within: contents.authoritiesWithin ?? new Map() };
  const anchorsOf = (certificate: Certificate) => anchorsFor(trust, certificate);
  // A bundle (.p7b) brings the authorities above its person along; they name nobody.
  const abovePeople = distinct(contents.people.filter(({ authority }) => authority !== null));
  const people = byAddress(contents.people, (certificate) => certificate);
  const signersOfPeople = byAddress(newest(contents.signersOfPeople), ({ certificate }) => certificate);
  const signersOfOrganisations = new Map(
    [...contents.signersOfOrganisations].map(([domain, signers]) => [domain, newest(signers)]),
  );

  const signing = Map.groupBy(
    ownKeys.filter(({ retired }) => retired === null),
    ({ kind }) => kind,
  );
  const keysOfPeople = byAddress(signing.get('person') ?? [], ({ certificate }) => certificate);
  const peopleOfDomains = Map.groupBy(keysOfPeople, ([address]) =>
    address.slice(address.lastIndexOf('@') + 1),
  );
  const keysOfOrganisations = Map.groupBy(signing.get('organisation') ?? [], ({ names }) => names[0] ?? '');

  const folderEntries = ({ kind, name }: EntryName): Entry[] => {
    const found = (kind === 'person' ? people.get(name) : organisations.get(name)) ?? [];
    const chain = kind === 'person' ? abovePeople : found;
    return found.map((certificate) => ({ kind, name, certificate, source: 'folder', chain }));
  };
  const everyEntry = (): Entry[] => [
    ...[...people.keys()].flatMap((name) => folderEntries({ kind: 'person', name })),
    ...[...organisations.keys()].flatMap((name) =>
      folderEntries({ kind: 'organisation', name }).filter(
        ({ certificate }) => certificate.authority === null,
      ),
    ),
  ];
  const usable = <K extends Pick<OwnKey, 'certificate' | 'chain'>>(
    signers: readonly K[] | undefined,
    question: { at: Date } & ({ address: string } | { domain: string }),
  ): K | undefined =>
    signers?.find(
      ({ certificate, chain }) =>
        judgeCertificate(certificate, { trustAnchors, intermediates: chain, purpose: 'sign', ...question })
          .ok,
    );

  const opening = Map.groupBy(
    openers.flatMap(({ kind, names, unwrapper }) =>
      names.map((name) => ({ of: keyOf({ kind, name }), unwrapper })),
    ),
    ({ of }) => of,
  );

  const over = (stored: Stored): Directory => {
    const byName = Map.groupBy(stored.entries, keyOf);
    const judged: Directory['judged'] = (of, at) => {
      const entries = [...folderEntries(of), ...(byName.get(keyOf(of)) ?? [])];
      const associations = of.kind === 'person' ? stored.associations.get(of.address ?? of.name) : undefined;
      const { checks } = stored;
      return judgeEntries([...entries, ...entriesOfDns(of, associations, entries)], {
        ...of,
        at,
        anchorsFor: anchorsOf,
        choosing,
        checks,
        associations,
      });
    };
    const lookUp = (of: EntryName & { address?: string }, at: Date): Lookup => {
      const all = judged(of, at);
      const chosen = chosenOf(all);
      if (chosen !== null) {
        const { certificate, capabilities = null, envelope, source, endsAt } = chosen;
        return { ok: true, certificate, capabilities, envelope, source, endsAt };
      }
      // Whoever could not be asked may have one that is better than what is known.
      if (stored.unasked.has(keyOf(of))) return { ok: false, because: 'certificate-lookup-failed' };
      return { ok: false, because: all[0]?.standing.obstacle ?? 'no-certificate' };
    };
    return {
      person: (address, at) => lookUp({ kind: 'person', name: address.toLowerCase(), address }, at),
      organisation: (domain, at) => lookUp({ kind: 'organisation', name: domain }, at),
      signerFor(address, at) {
        const own = usable(signersOfPeople.get(address.toLowerCase()), { address, at });
        if (own !== undefined) return { signer: own, whose: 'person' };
        const domain = domainOf(address);
        const organisation = usable(signersOfOrganisations.get(domain), { domain, at });
        return organisation === undefined ? null : { signer: organisation, whose: 'organisation' };
      },
      organisationSigner: (domain, at) => usable(signersOfOrganisations.get(domain), { domain, at }) ?? null,
      unwrappersFor(address, domains) {
        const ofPerson = (mailbox: Address | null) =>
          mailbox === null ? [] : (opening.get(keyOf({ kind: 'person', name: mailbox.toLowerCase() })) ?? []);
        const own = ofPerson(address);
        const found = [
          ...(own.length > 0 ? own : ofPerson(withoutDetail(address))),
          ...domains.flatMap((name) => opening.get(keyOf({ kind: 'organisation', name })) ?? []),
        ];
        return [...new Set(found.map(({ unwrapper }) => unwrapper))];
      },
      anySignerWithin: (domain, at) =>
        usable(keysOfOrganisations.get(domain), { domain, at }) !== undefined ||
        (peopleOfDomains.get(domain) ?? []).some(
          ([address, keys]) => usable(keys, { address, at }) !== undefined,
        ),
      anySignerFor: (address, at) =>
        usable(keysOfPeople.get(address.toLowerCase()), { address, at }) !== undefined ||
        usable(keysOfOrganisations.get(domainOf(address)), { domain: domainOf(address), at }) !== undefined,
      judged,
      fromFolder: (of) => (of === undefined ? everyEntry() : folderEntries(of)),
      stored: (of) => ({
        entries: byName.get(keyOf(of)) ?? [],
        checks: stored.checks,
        unasked: stored.unasked,
        associations: stored.associations,
      }),
      ownKeys,
      trustAnchors,
      anchorsFor: anchorsOf,
      choosing,
      including: over,
    };
  };
  return over(NOTHING_STORED);
}

const newest = (signers: readonly Signer[]): Signer[] =>
  signers.toSorted((a, b) => newestFirst(a.certificate, b.certificate));

/** Those that stand whole in records of DNS and are not known from elsewhere. */
function entriesOfDns(
  { kind, name }: EntryName,
  associations: Associations = NO_ASSOCIATIONS,
  known: readonly Entry[],
): Entry[] {
  const chain = associations.certificates.filter(({ authority }) => authority !== null);
  return distinct(associations.certificates)
    .filter((each) => each.authority === null)
    .filter(({ sha256 }) => !known.some(({ certificate }) => certificate.sha256 === sha256))
    .map((certificate) => ({ kind, name, certificate, source: 'dns', chain }));
}

/** Each under everybody whom its certificate names. */
function byAddress<T>(all: readonly T[], certificateOf: (each: T) => Certificate): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const each of all) {
    for (const address of peopleIn(certificateOf(each))) {
      const same = index.get(address);
      if (same === undefined) index.set(address, [each]);
      else same.push(each);
    }
  }
  return index;
}

const distinct = (certificates: readonly Certificate[]): Certificate[] => [
  ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
];
