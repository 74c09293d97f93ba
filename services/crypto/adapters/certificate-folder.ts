// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { loadPkcs12, readCertificates, softwareSigner, type Choosing, type Signer } from '@securemail/smime';
import type { Logger } from '@securemail/telemetry';
import { directoryOf, type Contents, type Directory } from '../domain/directory.ts';

/**
 * Reads a folder of certificates and keys:
 *
 *     authorities/*.pem              whom we trust to issue
 *     people/*.pem                   certificates of people, found by the addresses in them
 *     organisations/<domain>.pem     certificates for tunnel mail
 *     keys/people/*.p12              keys that sign for people, found by the addresses in their certificates
 *     keys/organisations/<domain>.p12
 *     keys/**\/<name>.p12.password   the password of that file; absent: an empty one
 *
 * @param withKeys false for who only looks at certificates, and needs no key in its memory for that.
 * @throws Error with the file's path where a file can't be used: a half-read directory would send mail elsewhere than meant.
 */
export async function readCertificateFolder(
  folder: string,
  choosing?: Choosing,
  { withKeys = true }: { withKeys?: boolean } = {},
): Promise<Directory> {
  const certificates = (part: string) =>
    readEach(join(folder, part), ['.pem', '.crt', '.cer', '.p7b'], readCertificateFile);
  const keys = (part: string) =>
    withKeys ? readEach(join(folder, 'keys', part), ['.p12', '.pfx'], readKeyFile) : Promise.resolve([]);
  const [authorities, people, organisations, signersOfPeople, signersOfOrganisations] = await Promise.all([
    certificates('authorities'),
    certificates('people'),
    certificates('organisations'),
    keys('people'),
    keys('organisations'),
  ]);
  const contents: Contents = {
    authorities: authorities.flatMap(({ read }) => read),
    people: people.flatMap(({ read }) => read),
    organisations: new Map(organisations.map(({ name, read }) => [name, read])),
    signersOfPeople: signersOfPeople.map(({ read }) => read),
    signersOfOrganisations: new Map(signersOfOrganisations.map(({ name, read }) => [name, [read]])),
  };
  return directoryOf(contents, choosing);
}

/** Keeps a directory fresh: looks for changes now and then, and keeps the last good one where a new one can't be read. */
export async function watchCertificateFolder(
  folder: string,
  { rereadMs, choosing, logger }: { rereadMs: number; choosing?: Choosing; logger: Logger },
): Promise<{ current: () => Directory; close: () => void }> {
  let stamp = await stampOf(folder).catch((error: unknown) => {
    const { code = 'no code' } = error as NodeJS.ErrnoException;
    throw new Error(
      `crypto.directory: the folder ${folder} can not be read (${code}); it holds authorities, certificates and keys, as services/crypto/README.md says`,
    );
  });
  let directory = await readCertificateFolder(folder, choosing);
  const reread = async () => {
    const now = await stampOf(folder);
    if (now === stamp) return;
    directory = await readCertificateFolder(folder, choosing);
    stamp = now;
    logger.info('the certificate directory has changed and was read again');
  };
  // A folder of many keys may take longer to read than from one look to the next.
  let reading = false;
  const timer = setInterval(() => {
    if (reading) return;
    reading = true;
    reread()
      .catch(() => {
        logger.error(
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

const readCertificateFile = async (path: string) => readCertificates(await readFile(path));

async function readKeyFile(path: string): Promise<Signer> {
  const password = await readFile(`${path}.password`, 'utf8').catch(() => '');
  return softwareSigner(loadPkcs12(await readFile(path), password.trimEnd()));
}

async function readEach<T>(
  folder: string,
  extensions: readonly string[],
  read: (path: string) => Promise<T>,
) {
  const files = (await listing(folder)).filter((file) => extensions.includes(extname(file).toLowerCase()));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const path = join(folder, file);
      try {
        return { name: basename(file, extname(file)).toLowerCase(), read: await read(path) };
      } catch (error) {
        throw new Error(`${path} can not be used: ${error instanceof Error ? error.message : 'unreadable'}`);
      }
    }),
  );
}

const listing = (folder: string) =>
  readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });

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
