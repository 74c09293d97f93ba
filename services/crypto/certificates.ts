// SPDX-License-Identifier: Apache-2.0
import { domainOf, readAddress } from '@securemail/contracts';
import { askAbout, pathTo, type OnlineCheck } from './adapters/ask-revocation.ts';
import { historyOf, sha256sInHistory, type HistoryEntry } from './adapters/certificate-changes.ts';
import { askedToo, gathered, type AskedName, type DirectoriesOf } from './adapters/gathered-directory.ts';
import { namesOf, type Provenance, type StoredEntry } from './adapters/stored-certificates.ts';
import type { Standing } from './domain/certificate-state.ts';
import { keyOf, type EntryName, type RevocationCheck, type Source } from './domain/entry.ts';
import { chosenOf, type Judged } from './domain/judged.ts';

/** Where the certificates of a tenant are found. */
export type CertificatesOf = DirectoriesOf;

/** What a person is shown of an entry. */
export interface EntryView extends EntryName, Standing {
  sha256: string;
  source: Source;
  subject: string;
  issuer: string;
  notBefore: Date;
  notAfter: Date;
  /** Null for the folder's: whoever may write there did it. */
  provenance: Provenance | null;
  check: RevocationCheck | null;
}

export function viewOf(judged: Judged, check: RevocationCheck | undefined): EntryView {
  const { kind, name, source, certificate, standing } = judged;
  const { x509, sha256, notBefore, notAfter } = certificate;
  const { provenance } = judged as Partial<StoredEntry>;
  return {
    kind,
    name,
    sha256,
    source,
    ...standing,
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    notBefore,
    notAfter,
    provenance: provenance ?? null,
    check: check ?? null,
  };
}

/** As node prints a Name, each part on a line of its own. */
const oneLine = (name: string | undefined) => (name ?? '').replaceAll('\n', ', ');

/** All that is known of one certificate: of one that was removed the history alone. */
export interface CertificateView {
  sha256: string;
  /** One for each name that it is used for; none once it was removed. */
  entries: EntryView[];
  addresses: readonly string[];
  domains: readonly string[];
  /** Null once it was removed. */
  key: string | null;
  keyUsage: readonly string[] | null;
  /** Who reads the same with a key of that kind, and the cipher that would be used; null where nothing can be encrypted. */
  encryption: string | null;
  /** Object identifiers of what its holder says he reads; null where it says nothing. */
  capabilities: readonly string[] | null;
  /** From the authority that is trusted down to it; null where there is no such path. */
  path: { subject: string; sha256: string; notAfter: Date }[] | null;
  history: HistoryEntry[];
  /** Null once it was removed. */
  pem: string | null;
}

/** Of what was removed. */
const NOTHING_LEFT: Omit<CertificateView, 'sha256' | 'history'> = {
  entries: [],
  addresses: [],
  domains: [],
  key: null,
  keyUsage: null,
  encryption: null,
  capabilities: null,
  path: null,
  pem: null,
};

/**
 * The certificate whose SHA-256 begins so; where none is known now, one that was.
 *
 * @returns null where there is none; `ambiguous` where there are several.
 */
export async function showCertificate(
  of: CertificatesOf,
  sha256Prefix: string,
  at: Date,
): Promise<CertificateView | 'ambiguous' | null> {
  const { pool, directory, tenantId } = of;
  const ofFolder = directory
    .fromFolder()
    .filter(({ certificate }) => certificate.sha256.startsWith(sha256Prefix))
    .map(({ kind, name, certificate }) => ({ kind, name, sha256: certificate.sha256 }));
  const positions = [...ofFolder, ...(await namesOf(pool, tenantId, sha256Prefix))];
  const known = positions.map((position) => position.sha256);
  const [sha256, another] = new Set(
    known.length > 0 ? known : await sha256sInHistory(pool, tenantId, sha256Prefix),
  );
  if (another !== undefined) return 'ambiguous';
  if (sha256 === undefined) return null;
  const history = await historyOf(pool, tenantId, sha256);
  const names = new Map(positions.map(({ kind, name }) => [keyOf({ kind, name }), { kind, name }]));
  const around = await gathered(of, [...names.values()]);
  const entries = [...names.values()].flatMap((name) =>
    around.judged(name, at).filter(({ certificate }) => certificate.sha256 === sha256),
  );
  const [first] = entries;
  if (first === undefined) return history.length === 0 ? null : { ...NOTHING_LEFT, sha256, history };
  const { certificate } = first;
  const path = pathTo(first, directory, at);
  return {
    sha256,
    entries: entries.map((entry) => viewOf(entry, around.stored(entry).checks.get(sha256))),
    addresses: certificate.emails,
    domains: certificate.domains,
    key: `${certificate.key.type}${certificate.key.bits === 0 ? '' : ` ${certificate.key.bits}`}`,
    keyUsage: certificate.keyUsage === null ? null : [...certificate.keyUsage],
    encryption: first.envelope,
    capabilities: (first.capabilities ?? certificate.capabilities)?.map(({ id }) => id) ?? null,
    path:
      path?.map(({ x509, sha256, notAfter }) => ({ subject: oneLine(x509.subject), sha256, notAfter })) ??
      null,
    history,
    pem: certificate.x509.toString(),
  };
}

/** Which certificate would be used for a person or an organisation, and for each other why not. */
export interface CheckedName extends EntryName {
  candidates: (EntryView & { used: boolean })[];
}

/**
 * What would be used for an address (the person's, or the one of the organisation) or for a domain.
 *
 * @param online asks the authorities whether any was revoked, and remembers what they say.
 * @returns null for what is neither an address nor a domain.
 */
export async function checkName(
  of: CertificatesOf,
  addressOrDomain: string,
  at: Date,
  online: OnlineCheck | null,
): Promise<CheckedName[] | null> {
  const names = namesIn(addressOrDomain);
  if (names === null) return null;
  if (online !== null) {
    const before = await askedToo(of, names, at);
    await askAbout(
      of,
      names.flatMap((name) => before.judged(name, at)),
      at,
      online,
    );
  }
  const around = await askedToo(of, names, at);
  return names.map((name) => {
    const judged = around.judged(name, at);
    const chosen = chosenOf(judged);
    const { checks } = around.stored(name);
    return {
      kind: name.kind,
      name: name.name,
      candidates: judged.map((each) => ({
        ...viewOf(each, checks.get(each.certificate.sha256)),
        used: each === chosen,
      })),
    };
  });
}

function namesIn(addressOrDomain: string): AskedName[] | null {
  const isAddress = addressOrDomain.includes('@');
  const read = readAddress(isAddress ? addressOrDomain : `x@${addressOrDomain}`);
  if (!read.ok) return null;
  const { address } = read;
  const organisation: AskedName = { kind: 'organisation', name: domainOf(address) };
  return isAddress
    ? [{ kind: 'person', name: address.toLowerCase(), address }, organisation]
    : [organisation];
}
