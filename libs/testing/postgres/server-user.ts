// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whom Postgres runs as; null for ourselves. */
export type ServerUser = { uid: number; gid: number } | null;

/** Postgres refuses to run as root: there it runs as the user `postgres`, who is made where there is none. */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  const existing = await idsOf('postgres');
  if (existing !== null) return existing;
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(() => undefined);
  const made = await idsOf('postgres');
  if (made === null) {
    throw new Error(
      'Postgres does not run as root, and no user "postgres" could be made: use an ordinary user',
    );
  }
  return made;
}

async function idsOf(name: string): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Refuses paths that the server's user cannot reach, with the folder that bars the way. */
export async function mayEnter(user: ServerUser, paths: readonly string[]): Promise<void> {
  if (user === null) return;
  for (const path of paths) {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const { uid, gid, mode } = await stat(folder);
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) {
        throw new Error(
          `as root, Postgres runs as the user "postgres", who may not enter ${folder}: ` +
            'use an ordinary user, or a folder that everybody may enter',
        );
      }
      if (folder === dirname(folder)) break;
    }
  }
}
