// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificates, type Choosing, type Pkcs11Token } from '@securemail/smime';
import type { Logger } from '@securemail/telemetry';
import { directoryOf, type Contents, type Directory } from '../domain/directory.ts';
import { readAuthoritiesWithin } from './authorities-within.ts';
import { readKeyFolder, type HeldKey } from './key-folder.ts';
import { readEach } from './read-each.ts';

export interface ReadingOptions {
  token?: Pkcs11Token | null;
  ownDomains?: readonly string[];
}

/**
 * Reads a folder of certificates and keys:
 *
 *     authorities/*.pem              whom we trust to issue, for everybody
 *     authorities/<domain>/*.pem     whom we trust to issue for who is in that domain, and for nobody else
 *     people/*.pem                   certificates of people, found by the addresses in them
 *     organisations/<domain>.pem     certificates for tunnel mail
 *     keys/people/*.p12              keys that sign for people, found by the addresses in their certificates
 *     keys/organisations/<domain>.p12, <domain>+<anything>.p12
 *     keys/**\/<name>.p12.password   the password of that file; absent: an empty one
 *     keys/**\/<name>.p12.retired    the key of that file signs no more
 *     keys/**\/<label>.pem           a certificate whose key lies in the token, under that label
 *
 * @param token null: there is none, and all keys are in files.
 * @param withKeys false for who only looks at certificates, and needs no key in its memory for that.
 * @param ownDomains of all tenants: for these, nobody is trusted but who is for everybody.
 * @throws Error with the file's path where a file can't be used: a half-read directory would send mail elsewhere than meant.
 */
export async function readCertificateFolder(
  folder: string,
  choosing?: Choosing,
  { withKeys = true, token = null, ownDomains = [] }: ReadingOptions & { withKeys?: boolean } = {},
): Promise<Directory> {
  const certificates = (part: string) => certificatesIn(join(folder, part));
  const [authorities, authoritiesWithin, people, organisations, keys] = await Promise.all([
    certificates('authorities'),
    readAuthoritiesWithin(join(folder, 'authorities'), ownDomains, certificatesIn),
    certificates('people'),
    certificates('organisations'),
    withKeys ? readKeyFolder(folder, token) : [],
  ]);
  const contents: Contents = {
    authorities: authorities.flatMap(({ read }) => read),
    authoritiesWithin,
    people: people.flatMap(({ read }) => read),
    organisations: new Map(organisations.map(({ name, read }) => [name, read])),
    ...signersIn(keys),
    openers: keys.flatMap(({ kind, names, unwrapper }) =>
      unwrapper === null ? [] : [{ kind, names, unwrapper }],
    ),
    ownKeys: keys,
  };
  return directoryOf(contents, choosing);
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

/** Keeps a directory fresh: looks for changes now and then, and keeps the last good one where a new one can't be read. */
export async function watchCertificateFolder(
  folder: string,
  {
    rereadMs,
    choosing,
    logger,
    token = null,
    ownDomains = [],
  }: ReadingOptions & { rereadMs: number; choosing?: Choosing; logger: Logger },
): Promise<{ current: () => Directory; close: () => void }> {
  let stamp = await stampOf(folder).catch((error: unknown) => {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    throw new Error(
      `crypto.directory: the folder ${folder} can not be read (${code}); it holds authorities, certificates and keys, as services/crypto/README.md says`,
    );
  });
  let directory = await readCertificateFolder(folder, choosing, { token, ownDomains });
  const reread = async () => {
    const now = await stampOf(folder);
    if (now === stamp) return;
    directory = await readCertificateFolder(folder, choosing, { token, ownDomains });
    stamp = now;
    logger.info('the certificate directory has changed and was read again');
  };
  // A folder of many keys may take longer to read than from one look to the next.
  let reading = false;
  const timer = setInterval(() => {
    if (reading) return;
    reading = true;
    reread()
      .catch((error: unknown) => {
        logger.error(
          { reason: error instanceof Error ? withoutPeople(error.message) : 'no reason' },
          'the certificate directory has changed and can not be read: the former one stays in use',
        );
      })
      .finally(() => {
        reading = false;
      });
  }, rereadMs);
  timer.unref();
  return {
    current: () => directory,
    close: () => {
      clearInterval(timer);
    },
  };
}

/** A file may be called as the person whose it is: the domain, and the folder, are enough to find it by. */
const withoutPeople = (message: string) => message.replaceAll(/[^\s/]+@/g, '…@');

const certificatesIn = (folder: string) =>
  readEach(folder, ['.pem', '.crt', '.cer', '.p7b'], readCertificateFile);

const readCertificateFile = async (path: string) => readCertificates(await readFile(path));

/** Changes whenever a file of the folder does. */
async function stampOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true });
  const stamps = await Promise.all(
    entries.map(async (entry) => {
      const { mtimeMs, size } = await stat(join(folder, entry));
      return `${entry} ${mtimeMs} ${size}`;
    }),
  );
  return stamps.toSorted().join('\n');
}
