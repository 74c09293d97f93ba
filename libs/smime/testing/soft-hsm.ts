// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { startModule } from '../keys/pkcs11/module.ts';
import { runProgram } from './run-program.ts';

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
  readonly module: string;
  /** Makes a token with {@link PIN}. */
  newToken(label: string): Promise<void>;
  /** Puts a key into a token. @param id hexadecimal. */
  importKey(token: string, label: string, id: string, key: KeyObject): Promise<void>;
  close(): Promise<void>;
}

/** A real PKCS#11 token in software, with a folder of its own; otherwise what this machine lacks for it. */
export async function softHsm(): Promise<SoftHsm | { lacks: string; install: string }> {
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined || (await runProgram('softhsm2-util', ['--version'])) === null) {
    return { lacks: 'SoftHSM', install: 'apt-get install softhsm2' };
  }
  const folder = await mkdtemp(join(tmpdir(), 'smime-hsm-'));
  const SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  await mkdir(join(folder, 'tokens'));
  await writeFile(SOFTHSM2_CONF, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`);
  // Jest gives tests a copy of the environment; a library in C sees the real one only.
  (runInThisContext('process.env') as NodeJS.ProcessEnv)['SOFTHSM2_CONF'] = SOFTHSM2_CONF;
  try {
    (await startModule(module)).close();
  } catch (error) {
    return { lacks: 'pkcs11js', install: error instanceof Error ? error.message : 'npm ci' };
  }

  const util = async (...args: string[]) => {
    const ran = await runProgram('softhsm2-util', args, { env: { SOFTHSM2_CONF } });
    if (ran?.code !== 0) throw new Error(`softhsm2-util: ${ran?.complaint ?? 'is missing'}`);
  };
  return {
    module,
    newToken: (label) =>
      util('--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', '12345678'),
    importKey: async (token, label, id, key) => {
      const file = join(folder, 'key.pem');
      await writeFile(file, key.export({ type: 'pkcs8', format: 'pem' }));
      await util('--import', file, '--token', token, '--label', label, '--id', id, '--pin', PIN, '--force');
      await rm(file);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
