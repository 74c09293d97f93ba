// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInThisContext } from 'node:vm';

const run = promisify(execFile);

/** Of every token that is made here. */
export const HSM_PIN = '8146-1952';
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
  /** Makes a token with {@link HSM_PIN}. */
  newToken(label: string): Promise<void>;
  /** Puts a key (PKCS#8 in PEM) into a token. @param id hexadecimal. */
  importKey(token: string, label: string, id: string, keyPem: string): Promise<void>;
  /** Every token is gone, as where the network to one is down; {@link back} undoes it. */
  away(): Promise<void>;
  back(): Promise<void>;
  close(): Promise<void>;
}

/** PKCS#11 tokens in software (SoftHSM), with a folder of their own; null where this machine has none. */
export async function startSoftHsm(): Promise<SoftHsm | null> {
  const module = MODULES.find((path) => existsSync(path));
  const hasTool = await run('softhsm2-util', ['--version']).then(
    () => true,
    () => false,
  );
  if (module === undefined || !hasTool) return null;
  const folder = await mkdtemp(join(tmpdir(), 'soft-hsm-'));
  const SOFTHSM2_CONF = join(folder, 'softhsm2.conf');
  const tokens = join(folder, 'tokens');
  await mkdir(tokens);
  await writeFile(SOFTHSM2_CONF, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  // Jest gives tests a copy of the environment; a library in C sees the real one only.
  (runInThisContext('process.env') as NodeJS.ProcessEnv)['SOFTHSM2_CONF'] = SOFTHSM2_CONF;
  const util = async (...args: string[]) => {
    await run('softhsm2-util', args, { env: { ...process.env, SOFTHSM2_CONF } });
  };
  return {
    module,
    newToken: (label) =>
      util('--init-token', '--free', '--label', label, '--pin', HSM_PIN, '--so-pin', '12345678'),
    async importKey(token, label, id, keyPem) {
      const file = join(folder, 'key.pem');
      await writeFile(file, keyPem);
      const named = ['--label', label, '--id', id, '--pin', HSM_PIN, '--force'];
      await util('--import', file, '--token', token, ...named);
      await rm(file);
    },
    away: () => rename(tokens, `${tokens}.away`),
    back: () => rename(`${tokens}.away`, tokens),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
