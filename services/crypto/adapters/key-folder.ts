// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import {
  CryptographicOperationError,
  KeyNotFoundError,
  loadPkcs12,
  pkcs11Signer,
  pkcs11Unwrapper,
  readCertificates,
  softwareSigner,
  softwareUnwrapper,
  type Certificate,
  type KeyAt,
  type Pkcs11Token,
  type Signer,
  type Unwrapper,
} from '@securemail/smime';
import { z } from 'zod';
import { peopleIn, type EntryKind } from '../domain/entry.ts';
import type { OwnKey, Retirement } from '../domain/own-key.ts';
import { filesOfDomains, filesOfPeople } from './named-files.ts';
import { readEach, type FileRead } from './read-each.ts';
import { readingOnce, type Reading } from './reading.ts';

/** A key of the folder or of the token, and who signs with it; null where it is retired, or nobody logged in. */
export interface HeldKey extends OwnKey {
  path: string;
  signer: Signer | null;
  /** Who opens with it, retired or not; null where nobody logged in, or the key is only for signing. */
  unwrapper: Unwrapper | null;
}

/** Where the keys lie below the folder of `crypto.directory`, by whom they sign for. */
export const KEY_FOLDERS: Record<EntryKind, string> = {
  person: join('keys', 'people'),
  organisation: join('keys', 'organisations'),
};

const retiredPath = (path: string) => `${path}.retired`;
const Retired = z.object({ at: z.string(), by: z.string(), reason: z.string() });

/** Says that a key opens and signs no more: a file beside it, that is enough by being there. */
export const retirementOf = (path: string, { at, by, reason }: Retirement) => ({
  path: retiredPath(path),
  content: `${JSON.stringify({ at, by, reason })}\n`,
});

/**
 * Reads `keys/people` and `keys/organisations`: PKCS#12 files, and certificates whose keys lie in the token. The domain of
 * an organisation is what its file is called, up to a `+`: of several files for one domain, each has its own rest.
 *
 * @param token null: there is none, and certificates without keys are passed over; `certificates alone`: nobody logs in,
 *   and nobody signs with such a key.
 * @throws Error with the file's path where one can't be used, or the token has no key for it.
 */
export async function readKeyFolder(
  folder: string,
  token: Pkcs11Token | 'certificates alone' | null,
  reading: Reading = readingOnce(),
): Promise<HeldKey[]> {
  const kinds: EntryKind[] = ['person', 'organisation'];
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const within = join(folder, KEY_FOLDERS[kind]);
      const files = await readEach(within, ['.p12', '.pfx'], readKeyFile, reading);
      const inToken =
        token === null
          ? []
          : await readEach(
              within,
              ['.pem', '.crt', '.cer', '.p7b'],
              (path) => readTokenKey(path, token),
              reading,
            );
      const all = await Promise.all([...files, ...inToken].map(stillRetired));
      if (kind === 'organisation')
        return filesOfDomains(all, reading).map(({ domain, path, read }): HeldKey => ({
          kind,
          names: [domain],
          path,
          ...read,
        }));
      return filesOfPeople(all, ({ certificate }) => [certificate], reading).map(
        ({ path, read }): HeldKey => ({ kind, names: peopleIn(read.certificate), path, ...read }),
      );
    }),
  );
  return found.flat();
}

/** A file that can't be read any more signs no more, too, once somebody said so. */
async function stillRetired(file: FileRead<Read>): Promise<FileRead<Read>> {
  const { isFormer, path, read } = file;
  if (!isFormer || read.retired !== null) return file;
  const retired = await readRetired(path).catch(() => UNKNOWN_RETIREMENT);
  return retired === null ? file : { ...file, read: { ...read, retired, signer: null } };
}

type Read = Omit<HeldKey, 'kind' | 'names' | 'path'>;

/** A retired key may be of a kind that signs no more here; it need not. */
async function readKeyFile(path: string): Promise<Read> {
  const password = await readFile(`${path}.password`, 'utf8').catch(() => '');
  const { key, certificate, chain } = loadPkcs12(await readFile(path), password.trimEnd());
  const retired = await readRetired(path);
  const signer = retired === null ? softwareSigner({ key, certificate, chain }) : null;
  const unwrapper = softwareUnwrapper({ key, certificate });
  return { certificate, chain, where: 'file', retired, signer, unwrapper };
}

async function readTokenKey(path: string, token: Pkcs11Token | 'certificates alone'): Promise<Read> {
  const certificates = readCertificates(await readFile(path));
  const certificate = certificates.find(({ authority }) => authority === null);
  if (certificate === undefined) throw new Error('it holds no certificate of a person or an organisation');
  const chain = certificates.filter((each) => each !== certificate);
  const retired = await readRetired(path);
  const label = basename(path, extname(path));
  const common = { certificate, chain, where: 'token', retired } as const;
  if (token === 'certificates alone') return { ...common, signer: null, unwrapper: null };
  return {
    ...common,
    signer: retired === null ? await signerIn(token, label, certificate, chain) : null,
    unwrapper: await unwrapperIn(token, label, certificate),
  };
}

/** By the label that is the file's name, else by the id that is the certificate's subjectKeyIdentifier, as tools set it. */
async function labelledOrById<T>(
  label: string,
  { subjectKeyIdentifier: id }: Certificate,
  find: (key: KeyAt) => Promise<T>,
): Promise<T> {
  try {
    return await find({ label });
  } catch (error) {
    if (!(error instanceof KeyNotFoundError) || id === null) throw error;
    return await find({ id });
  }
}

const signerIn = (
  token: Pkcs11Token,
  label: string,
  certificate: Certificate,
  chain: readonly Certificate[],
): Promise<Signer> =>
  labelledOrById(label, certificate, (key) => pkcs11Signer({ token, key, certificate, chain }));

/** A key that is only for signing, or that was taken out of the token once it signed no more, opens nothing. */
const unwrapperIn = (
  token: Pkcs11Token,
  label: string,
  certificate: Certificate,
): Promise<Unwrapper | null> =>
  labelledOrById(label, certificate, (key) => pkcs11Unwrapper({ token, key, certificate })).catch(
    (error: unknown) => {
      if (error instanceof KeyNotFoundError || error instanceof CryptographicOperationError) return null;
      throw error;
    },
  );

/** Whatever stands in the file, it was put there to stop the key from signing. */
async function readRetired(path: string): Promise<Retirement | null> {
  const text = await readFile(retiredPath(path), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const read = Retired.safeParse(parsed(text));
  return read.success ? read.data : UNKNOWN_RETIREMENT;
}

const UNKNOWN_RETIREMENT: Retirement = { at: '', by: 'somebody', reason: 'not told' };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
