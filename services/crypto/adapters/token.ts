// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { openPkcs11Token, type Pkcs11Token } from '@securemail/smime';
import type { CryptoSettings } from '../settings.ts';

/**
 * Logs in at the token of the settings; null where there is none.
 *
 * @throws KeyUnavailableError and its kinds, as `openPkcs11Token` does; Error where the file with the PIN can't be read.
 */
export async function openToken(settings: CryptoSettings['pkcs11']): Promise<Pkcs11Token | null> {
  if (settings === undefined) return null;
  const { module, tokenLabel, pinFile } = settings;
  // Read at each login, so that a new PIN counts once the token has it; logins are few, and block by themselves.
  const pin = () => {
    try {
      return readFileSync(pinFile, 'utf8').trimEnd();
    } catch {
      throw new Error(`crypto.pkcs11.pinFile can not be read: ${pinFile}`);
    }
  };
  return await openPkcs11Token({ module, token: { label: tokenLabel }, pin });
}
