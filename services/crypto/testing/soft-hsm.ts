// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInThisContext } from 'node:vm';

const run = promisify(execFile);

export const PIN = '8146-1952';
const MODULES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

export interface SoftHsm {
  /** Path of the PKCS#11 module. */
  module: string;
  /** Puts a key into the token. @param id hexadecimal. */
  importKey(label: string, id: string, keyPem: string): Promise<void>;
  close(): Promise<void>;
}

/** A PKCS#11 token in software with {@link PIN}; null where this machine has none. */
export async function softHsm(tokenLabel: string): Promise<SoftHsm | null> {
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined) return null;
  const folder = await mkdtemp(join(tmpdir(), 'crypto-hsm-'));
  const SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  await mkdir(join(folder, 'tokens'));
  await writeFile(SOFTHSM2_CONF, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`);
  // Jest gives tests a copy of the environment; a library in C sees the real one only.
  (runInThisContext('process.env') as NodeJS.ProcessEnv)['SOFTHSM2_CONF'] = SOFTHSM2_CONF;
  const util = (...args: string[]) => run('softhsm2-util', args, { env: { ...process.env, SOFTHSM2_CONF } });
  await util('--init-token', '--free', '--label', tokenLabel, '--pin', PIN, '--so-pin', '12345678');
  return {
    module,
    async importKey(label, id, keyPem) {
      const file = join(folder, 'key.pem');
      await writeFile(file, keyPem);
      const named = ['--label', label, '--id', id, '--pin', PIN, '--force'];
      await util('--import', file, '--token', tokenLabel, ...named);
      await rm(file);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
