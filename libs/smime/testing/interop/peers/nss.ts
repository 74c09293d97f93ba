// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity, OpensslWorkshop } from '../../openssl-workshop.ts';
import { runProgram } from '../../run-program.ts';
import { NotOffered, PeerRefused, type Peer } from '../peer.ts';
import { PKCS12_PASSWORD, type Person } from '../people.ts';

/**
 * NSS, the library of Thunderbird, by its program `cmsutil` and a database of its own without a password; null where
 * it is not installed. There is no option for PSS, OAEP or a cipher: it makes what it makes.
 */
export async function nssPeer(workshop: OpensslWorkshop, authority: Identity): Promise<Peer | null> {
  const folder = await mkdtemp(join(tmpdir(), 'smime-nss-'));
  const database = ['-d', `sql:${folder}`];
  const version = await versionOfNss(`sql:${folder}`);
  if (version === null) {
    await rm(folder, { recursive: true });
    return null;
  }

  const run = async (program: string, ...args: string[]): Promise<void> => {
    const ran = await runProgram(program, [...args, ...database]);
    if (ran?.code !== 0) throw new PeerRefused(reasonIn(ran?.complaint ?? ''));
  };
  /** Runs `cmsutil`, with its result in a file. */
  const cmsutil = async (...args: string[]): Promise<Buffer> => {
    const out = workshop.path('out');
    await run('cmsutil', ...args, '-o', out);
    return await readFile(out);
  };
  await run('certutil', '-A', '-n', 'authority', '-t', ',C,', '-i', authority.certificatePath);

  const known = new Map<Person, Promise<void>>();
  /** Puts a person with his key into the database, once; where his key is not known there, his certificate alone. */
  const meet = (person: Person): Promise<void> => {
    const met = known.get(person) ?? learn(person);
    known.set(person, met);
    return met;
  };
  const learn = ({ name, certificatePath, pkcs12Path }: Person) =>
    pkcs12Path === null
      ? run('certutil', '-A', '-n', name, '-t', ',,', '-i', certificatePath)
      : run('pk12util', '-i', pkcs12Path, '-W', PKCS12_PASSWORD, '-K', '');

  return {
    name: 'NSS',
    version,
    verify: async (cms, content) =>
      await cmsutil(
        ...['-D', '-i', await workshop.write('cms', cms)],
        ...(content === null ? [] : ['-c', await workshop.write('content', content)]),
      ),
    decrypt: async (cms, reader) => {
      await meet(reader);
      if (reader.pkcs12Path === null) throw new NotOffered('no PKCS#12 file carries this key to it');
      return await cmsutil('-D', '-i', await workshop.write('cms', cms));
    },
    sign: async (content, signer, { algorithm, form }) => {
      await meet(signer);
      const hash = algorithm === 'ed25519' ? 'SHA512' : algorithm.slice(-'sha256'.length).toUpperCase();
      return await cmsutil(
        ...['-S', '-N', signer.name, '-H', hash, '-G', '-i', await workshop.write('content', content)],
        ...(form === 'detached' ? ['-T'] : []),
      );
    },
    encrypt: async (content, recipients) => {
      for (const { person } of recipients) await meet(person);
      const names = recipients.map(({ person }) => person.name).join(',');
      return await cmsutil('-E', '-r', names, '-i', await workshop.write('content', content));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** cmsutil tells no version, but modutil of the same package tells that of its library. */
async function versionOfNss(database: string): Promise<string | null> {
  if ((await runProgram('certutil', ['-N', '--empty-password', '-d', database])) === null) return null;
  if ((await runProgram('cmsutil', [])) === null) return null;
  const modules = await runProgram('modutil', ['-list', '-dbdir', database]);
  return /library-version=(\d+\.\d+)/.exec(modules?.out.toString() ?? '')?.[1] ?? null;
}

const reasonIn = (complaint: string): string =>
  /\b(SEC|PR|SSL)_ERROR_[A-Z0-9_]+/.exec(complaint)?.[0] ?? complaint.trim().split('\n').at(-1) ?? 'nothing';
