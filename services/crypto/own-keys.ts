// SPDX-License-Identifier: Apache-2.0
import { domainOf, readAddress } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import type { Tenant } from '@securemail/service';
import {
  issueCertificate,
  judgeCertificate,
  loadPkcs12,
  newPrivateKey,
  readCertificates,
  requestCertificate,
  UnreadableCertificateError,
  type Certificate,
  type Holder,
  type NewKey,
} from '@securemail/smime';
import type { Change } from './adapters/certificate-changes.ts';
import {
  CLOCK_SKEW,
  keepAuthority,
  newAuthority,
  readAuthority,
  AUTHORITY_NAME,
} from './adapters/internal-authority.ts';
import { recordKeyChanges, type KeyChange } from './adapters/key-changes.ts';
import { isThere, placeOf, retire, writeKeyFile, type KeyAndCertificate } from './adapters/key-files.ts';
import { readKeyFolder, type HeldKey } from './adapters/key-folder.ts';
import { readingOnce } from './adapters/reading.ts';
import { forgetPending, keepPending, keySha256Of, pendingKeyFor } from './adapters/pending-keys.ts';
import { ownSpelling, peopleIn, type EntryName } from './domain/entry.ts';
import { signerInNameOf } from './domain/own-key.ts';

/** Where the keys of an organisation are changed. */
export interface KeysOf {
  pool: Pool;
  /** The folder of `crypto.directory`. */
  folder: string;
  /** Whom the folder trusts. */
  trustAnchors: readonly Certificate[];
  tenant: Pick<Tenant, 'id' | 'domains'>;
  /** Told of files of keys that are of use to nobody, as they are called otherwise than they should be. */
  notice?: (text: string) => void;
}

/** What was asked for is not done; the message is for the person who asked, and names no key. */
export class KeyRefusedError extends Error {
  override name = 'KeyRefusedError';
}

/** A key that was taken in, for each of its names. */
export interface KeyTaken {
  sha256: string;
  notBefore: Date;
  notAfter: Date;
  entries: EntryName[];
}

/**
 * For whom a key is to sign: an own address, or an own domain.
 *
 * @throws KeyRefusedError where it is neither.
 */
export function ownName(text: string, { domains }: Pick<KeysOf['tenant'], 'domains'>): EntryName {
  const isAddress = text.includes('@');
  const read = readAddress(isAddress ? text : `x@${text}`);
  if (!read.ok) throw new KeyRefusedError('an address or a domain is wanted');
  const domain = domainOf(read.address);
  if (!domains.includes(domain)) throw new KeyRefusedError(`${domain} is not a domain of this organisation`);
  return isAddress
    ? { kind: 'person', name: read.address.toLowerCase() }
    : { kind: 'organisation', name: domain };
}

const holderOf = ({ kind, name }: EntryName, commonName: string | null): Holder =>
  kind === 'person'
    ? { commonName: commonName ?? name, emails: [name] }
    : { commonName: commonName ?? name, emails: [`securemail@${name}`], domains: [name] };

export interface NewKeyFor {
  of: EntryName;
  kind: NewKey;
  /** What people read in the certificate; null: the address or the domain. */
  commonName: string | null;
}

/** Makes a key, which waits for its certificate, and asks for that. @returns the request (PKCS#10) in PEM */
export async function requestKey(
  keys: KeysOf,
  change: Change,
  { of, kind, commonName }: NewKeyFor,
): Promise<{ pem: string; keySha256: string }> {
  const key = await newPrivateKey(kind);
  const pem = requestCertificate(key, holderOf(of, commonName));
  const keySha256 = keySha256Of(key);
  const requested: KeyChange = { ...of, keySha256, sha256: null, change: 'requested' };
  await recordKeyChanges(keys.pool, change, [requested], () => keepPending(keys.folder, of, key));
  return { pem, keySha256 };
}

export interface KeyIssue extends NewKeyFor {
  days: number;
  /** Also where a key signs that the built-in authority did not make. @default false */
  replace?: boolean | undefined;
}

/** A key that signed until another one took its place. */
export interface Superseded extends EntryName {
  sha256: string;
  issuer: string;
}

/**
 * Makes a key, and a certificate for it by the built-in authority, which is made where there is none yet. It signs at once.
 *
 * @returns also which key signed until now for whom it is; null where none did.
 * @throws KeyRefusedError where that one is of another authority, which others may trust, and `replace` does not say so.
 */
export async function issueKey(
  keys: KeysOf,
  change: Change,
  { of, kind, commonName, days, replace = false }: KeyIssue,
): Promise<KeyTaken & { authorityCreated: boolean; supersedes: Superseded | null }> {
  const { folder, pool } = keys;
  const supersedes = await supersededIn(keys, of, { at: change.at, replace });
  const authorityCreated = await ensureAuthority(keys, change);
  const authority = await readAuthority(folder);
  if (authority === null) throw new KeyRefusedError('the built-in authority is not there');
  const key = await newPrivateKey(kind);
  const notBefore = new Date(change.at.getTime() - CLOCK_SKEW);
  const longest = authority.certificate.notAfter.getTime();
  const notAfter = new Date(Math.min(change.at.getTime() + days * 24 * 60 * 60 * 1_000, longest));
  const certificate = issueCertificate(authority, key, holderOf(of, commonName), { notBefore, notAfter });
  const issued: KeyChange = {
    ...of,
    keySha256: keySha256Of(key),
    sha256: certificate.sha256,
    change: 'issued',
  };
  await recordKeyChanges(pool, change, [issued], () =>
    writeKeyFile(placeOf(folder, of, certificate), { key, certificate, chain: [authority.certificate] }),
  );
  return { sha256: certificate.sha256, notBefore, notAfter, entries: [of], authorityCreated, supersedes };
}

/** @throws KeyRefusedError where the built-in authority did not make it, unless it is to be replaced. */
async function supersededIn(
  keys: KeysOf,
  of: EntryName,
  { at, replace }: { at: Date; replace: boolean },
): Promise<Superseded | null> {
  const { folder, trustAnchors } = keys;
  const signing = signerInNameOf(await ownKeysIn(keys), of, { at, trustAnchors });
  if (signing === null) return null;
  const { sha256, x509 } = signing.certificate;
  const issuer = x509.issuer.replaceAll('\n', ', ');
  const authority = (await readAuthority(folder))?.certificate.x509;
  const isBuiltIn =
    authority !== undefined && x509.checkIssued(authority) && x509.verify(authority.publicKey);
  if (!isBuiltIn && !replace)
    throw new KeyRefusedError(
      `${sha256.slice(0, 16)}, issued by ${issuer}, signs for ${of.name}; a certificate of the built-in ` +
        'authority, which nobody outside trusts by itself, would sign in its place. If it is to: --replace',
    );
  const name = signing.names.includes(of.name) ? of.name : of.name.slice(of.name.lastIndexOf('@') + 1);
  return { kind: signing.kind, name, sha256, issuer };
}

/** @returns whether it was made just now; by two at once only one is. */
async function ensureAuthority({ folder, pool }: KeysOf, change: Change): Promise<boolean> {
  if ((await readAuthority(folder)) !== null) return false;
  // It takes a while, and nobody is to wait for it.
  const authority = await newAuthority(change.at);
  const { sha256 } = authority.certificate;
  const created: KeyChange = {
    kind: 'authority',
    name: AUTHORITY_NAME,
    keySha256: keySha256Of(authority.key),
    sha256,
    change: 'created',
  };
  try {
    await recordKeyChanges(pool, change, [created], async () => {
      if ((await readAuthority(folder)) !== null) throw new OvertakenError();
      await keepAuthority(folder, authority);
    });
    return true;
  } catch (error) {
    if (error instanceof OvertakenError) return false;
    throw error;
  }
}

class OvertakenError extends Error {}

export interface KeyImport {
  /** PKCS#12 with its key, or the certificate (PEM, DER, P7B) that a pending key waits for. */
  bytes: Buffer;
  /** Of a PKCS#12 file; asked for only where one is needed. */
  password: () => Promise<string>;
  /** Null: the people that the certificate names. */
  of: EntryName | null;
  /** It is to open what was encrypted for it, and to sign nothing. */
  forOpening: boolean;
}

/**
 * Takes a key in, after it was found out that it can sign for whom it is to.
 *
 * @throws KeyRefusedError; WrongPasswordError, UnreadableKeyError, KeyMismatchError of a PKCS#12 file.
 */
export async function importKey(keys: KeysOf, change: Change, wanted: KeyImport): Promise<KeyTaken> {
  const { folder, pool } = keys;
  const { waiting, ...found } = await keyIn(wanted, folder);
  const { certificate } = found;
  const entries = entriesOf(found, wanted.of ?? waiting, keys);
  for (const entry of entries) if (!wanted.forOpening) mayItSign(found, entry, keys, change.at);
  const [first] = entries;
  if (first === undefined) throw new KeyRefusedError('the certificate names no address of this organisation');
  const path = placeOf(folder, first, certificate);
  if (await isThere(path)) throw new KeyRefusedError('this key is here already');
  const keySha256 = keySha256Of(certificate);
  const { sha256, notBefore, notAfter } = certificate;
  const changes = entries.map((entry): KeyChange => ({ ...entry, keySha256, sha256, change: 'imported' }));
  const { at, by, reason } = change;
  const retired = wanted.forOpening ? { at: at.toISOString(), by, reason } : null;
  await recordKeyChanges(pool, change, changes, () => writeKeyFile(path, found, retired));
  if (waiting !== null) await forgetPending(waiting);
  return { sha256, notBefore, notAfter, entries };
}

async function keyIn({ bytes, password }: KeyImport, folder: string) {
  const certificates = certificatesIn(bytes);
  if (certificates === null) return { ...loadPkcs12(bytes, await password()), waiting: null };
  for (const certificate of certificates) {
    const waiting = await pendingKeyFor(folder, certificate);
    if (waiting === null) continue;
    const chain = certificates.filter((each) => each !== certificate);
    return { key: waiting.key, certificate, chain, waiting };
  }
  throw new KeyRefusedError('no key waits for this certificate; one with its key comes as PKCS#12');
}

/** Null for what is something else, such as PKCS#12. */
function certificatesIn(bytes: Buffer): Certificate[] | null {
  try {
    return readCertificates(bytes);
  } catch (error) {
    if (error instanceof UnreadableCertificateError) return null;
    throw error;
  }
}

/** For whom it will sign: a person's key signs for every address that its certificate names. */
function entriesOf(
  { certificate }: KeyAndCertificate,
  of: EntryName | null,
  { tenant }: KeysOf,
): EntryName[] {
  if (of?.kind === 'organisation') return [of];
  const names = peopleIn(certificate);
  if (of !== null && !names.includes(of.name))
    throw new KeyRefusedError(`the certificate does not name ${of.name}`);
  return names.map((name) => ownName(name, tenant));
}

/** One that is not valid yet may wait here for its day. */
function mayItSign(
  { certificate, chain }: KeyAndCertificate,
  { kind, name }: EntryName,
  { trustAnchors }: KeysOf,
  at: Date,
): void {
  const judgement = judgeCertificate(certificate, {
    at: at < certificate.notBefore ? certificate.notBefore : at,
    trustAnchors,
    intermediates: chain,
    purpose: 'sign',
    ...(kind === 'person' ? { address: ownSpelling(certificate, name) } : { domain: name }),
  });
  if (judgement.ok) return;
  const hint =
    judgement.because === 'certificate-untrusted'
      ? '; put its authority into the folder "authorities" first'
      : judgement.because === 'certificate-expired'
        ? '; to open old mail, import it with --for-opening'
        : '';
  throw new KeyRefusedError(`it can not sign for ${name}: ${judgement.detail}${hint}`);
}

/**
 * Lets a key sign no more; it opens what was encrypted for it as before.
 *
 * @param sha256Prefix how the SHA-256 of its certificate begins.
 * @throws KeyRefusedError where there is no such key of the organisation, or several.
 */
export async function retireKey(keys: KeysOf, change: Change, sha256Prefix: string): Promise<HeldKey> {
  const found = (await ownKeysIn(keys)).filter(({ certificate }) =>
    certificate.sha256.startsWith(sha256Prefix),
  );
  const [held, another] = found;
  if (held === undefined) throw new KeyRefusedError('no key of this organisation has such a certificate');
  if (another !== undefined) throw new KeyRefusedError('several begin so, or it lies in several files');
  if (held.retired !== null) throw new KeyRefusedError('it is retired already');
  const { certificate, kind, names, path } = held;
  const changes = names.map((name): KeyChange => {
    return {
      kind,
      name,
      keySha256: keySha256Of(certificate),
      sha256: certificate.sha256,
      change: 'retired',
    };
  });
  const { at, by, reason } = change;
  await recordKeyChanges(keys.pool, change, changes, () =>
    retire(path, { at: at.toISOString(), by, reason }),
  );
  return held;
}

/** The keys of the folder that sign for somebody of this organisation; those of tokens by their certificates alone. */
export async function ownKeysIn({
  folder,
  tenant,
  notice,
}: Pick<KeysOf, 'folder' | 'tenant' | 'notice'>): Promise<HeldKey[]> {
  const all = await readKeyFolder(folder, 'certificates alone', readingOnce(notice));
  return all.filter(({ names }) =>
    names.some((name) => tenant.domains.includes(name.slice(name.lastIndexOf('@') + 1))),
  );
}
