// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { startSoftHsm, type SoftHsm } from '@securemail/testing';
import { startModule } from '../keys/pkcs11/module.ts';

export { HSM_PIN as PIN } from '@securemail/testing';

interface TokensForKeys extends Omit<SoftHsm, 'importKey'> {
  /** Puts a key into a token. @param id hexadecimal. */
  importKey(token: string, label: string, id: string, key: KeyObject): Promise<void>;
}

/** A real PKCS#11 token in software, with a folder of its own; otherwise what this machine lacks for it. */
export async function softHsm(): Promise<TokensForKeys | { lacks: string; install: string }> {
  const hsm = await startSoftHsm();
  if (hsm === null) return { lacks: 'SoftHSM', install: 'apt-get install softhsm2' };
  try {
    (await startModule(hsm.module)).close();
  } catch (error) {
    return { lacks: 'pkcs11js', install: error instanceof Error ? error.message : 'npm ci' };
  }
  return {
    ...hsm,
    importKey: (token, label, id, key) =>
      hsm.importKey(token, label, id, key.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
}
