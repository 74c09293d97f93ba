// SPDX-License-Identifier: Apache-2.0
import { extname } from 'node:path';
import { readDomain } from '@securemail/contracts';
import type { Certificate } from '@securemail/smime';
import { peopleIn } from '../domain/entry.ts';
import type { FileRead } from './read-each.ts';
import type { Reading } from './reading.ts';

/** A file of an organisation, and the domain that it is called by. */
export type OfDomain<T> = FileRead<T> & { domain: string };

/**
 * Files of organisations, by the domain that each is called by, in letters or A-labels, composed or not as macOS writes them;
 * what follows a `+` is the file's own. Those that are called by none are of no use to anybody, and told.
 */
export function filesOfDomains<T>(files: readonly FileRead<T>[], { notice }: Reading): OfDomain<T>[] {
  const found = files.flatMap((file): OfDomain<T>[] => {
    const domain = readDomain(partsOf(file.name)[0]);
    if (domain !== null) return [{ ...file, domain }];
    notice(
      `${file.path} is not used: a file of an organisation is called by its domain, such as hospital.example${ending(file)}`,
    );
    return [];
  });
  const alike = Map.groupBy(found, ({ domain, name }) => domain + partsOf(name)[1].normalize('NFC'));
  for (const [name, [first, ...others]] of alike)
    if (first !== undefined && others.length > 0)
      notice(
        `${[first, ...others].map(({ path }) => path).join(' and ')} are called alike, both ${name}: what is in them counts as if it stood in one file`,
      );
  return found;
}

/** Files of people, who are found by the addresses in them. Nobody is everybody of a domain, whatever such a file is called. */
export function filesOfPeople<T>(
  files: readonly FileRead<T>[],
  certificatesIn: (read: T) => readonly Certificate[],
  { notice }: Reading,
): FileRead<T>[] {
  return files.filter((file) => {
    const { name, path, read } = file;
    const people = certificatesIn(read).filter(({ authority }) => authority === null);
    if (name.startsWith('*')) {
      notice(
        `${path} is not used: who is in it is found by the addresses in its certificate, never by a pattern; for all of a domain it goes among the organisations, as <domain>${ending(file)}`,
      );
      return false;
    }
    if (people.some((certificate) => peopleIn(certificate).length === 0))
      notice(`${path} is for nobody: a certificate in it names no address of one person`);
    return true;
  });
}

const partsOf = (name: string): [domain: string, rest: string] => {
  const at = name.indexOf('+');
  return at === -1 ? [name, ''] : [name.slice(0, at), name.slice(at)];
};

const ending = ({ path }: FileRead<unknown>) => extname(path);
