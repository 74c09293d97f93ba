// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificates, type Certificate, type Choosing, type Pkcs11Token } from '@securemail/smime';
import { directoryOf, type Contents, type Directory } from '../domain/directory.ts';
import { readAuthoritiesWithin } from './authorities-within.ts';
import { readKeyFolder, type HeldKey } from './key-folder.ts';
import { filesOfDomains, filesOfPeople, type OfDomain } from './named-files.ts';
import { readEach } from './read-each.ts';
import { readingOnce, type Reading } from './reading.ts';

export interface ReadingOptions {
  token?: Pkcs11Token | 'certificates alone' | null;
  ownDomains?: readonly string[];
}

/**
 * Reads a folder of certificates and keys:
 *
 *     authorities/*.pem              whom we trust to issue, for everybody
 *     authorities/<domain>/*.pem     whom we trust to issue for who is in that domain, and for nobody else; in letters or A-labels
 *     people/*.pem                   certificates of people, found by the addresses in them
 *     organisations/<domain>.pem     certificates for tunnel mail, the domain in letters or A-labels
 *     keys/people/*.p12              keys that sign for people, found by the addresses in their certificates
 *     keys/organisations/<domain>.p12, <domain>+<anything>.p12
 *     keys/**\/<name>.p12.password   the password of that file; absent: an empty one
 *     keys/**\/<name>.p12.retired    the key of that file signs no more
 *     keys/**\/<label>.pem           a certificate whose key lies in the token, under that label
 *
 * @param token null: there is none, and all keys are in files; `certificates alone`: nobody logs in, and of its keys only that
 *   they are there is known.
 * @param withKeys false for who only looks at certificates, and needs no key in its memory for that.
 * @param ownDomains of all tenants: for these, nobody is trusted but who is for everybody.
 * @throws Error with the file's path where a file can't be used: a half-read directory would send mail elsewhere than meant.
 */
export async function readCertificateFolder(
  folder: string,
  choosing?: Choosing,
  {
    withKeys = true,
    token = null,
    ownDomains = [],
    reading = readingOnce(),
  }: ReadingOptions & { withKeys?: boolean; reading?: Reading } = {},
): Promise<Directory> {
  const within = (path: string) => certificatesIn(path, reading);
  const certificates = (part: string) => within(join(folder, part));
  const [authorities, authoritiesWithin, people, organisations, keys] = await Promise.all([
    certificates('authorities'),
    readAuthoritiesWithin(join(folder, 'authorities'), ownDomains, within, reading),
    certificates('people'),
    certificates('organisations'),
    withKeys ? readKeyFolder(folder, token, reading) : [],
  ]);
  const contents: Contents = {
    authorities: authorities.flatMap(({ read }) => read),
    authoritiesWithin,
    people: filesOfPeople(people, (read) => read, reading).flatMap(({ read }) => read),
    organisations: allOf(filesOfDomains(organisations, reading)),
    ...signersIn(keys),
    openers: keys.flatMap(({ kind, names, unwrapper }) =>
      unwrapper === null ? [] : [{ kind, names, unwrapper }],
    ),
    ownKeys: keys,
  };
  return directoryOf(contents, choosing);
}

function allOf(files: readonly OfDomain<readonly Certificate[]>[]): Contents['organisations'] {
  const byDomain = Map.groupBy(files, ({ domain }) => domain);
  return new Map([...byDomain].map(([domain, same]) => [domain, same.flatMap(({ read }) => read)]));
}

function signersIn(keys: readonly HeldKey[]): Pick<Contents, 'signersOfPeople' | 'signersOfOrganisations'> {
  const [people, organisations] = (['person', 'organisation'] as const).map((wanted) =>
    keys.flatMap(({ kind, names, signer }) =>
      kind === wanted && signer !== null ? [{ names, signer }] : [],
    ),
  );
  const byDomain = Map.groupBy(organisations ?? [], ({ names }) => names[0] ?? '');
  return {
    signersOfPeople: (people ?? []).map(({ signer }) => signer),
    signersOfOrganisations: new Map(
      [...byDomain].map(([domain, held]) => [domain, held.map(({ signer }) => signer)]),
    ),
  };
}

const certificatesIn = (folder: string, reading: Reading) =>
  readEach(folder, ['.pem', '.crt', '.cer', '.p7b'], readCertificateFile, reading);

const readCertificateFile = async (path: string) => readCertificates(await readFile(path));
