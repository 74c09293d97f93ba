// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { whyNotPrivate } from '@securemail/config/private-file';
import type { TenantId } from '@securemail/contracts';
import { noteVerifier, signNote, verifierKey } from '@securemail/ledger';
import type { LedgerSettings } from '../settings.ts';

/** Signs for the ledgers of all organisations. */
export interface LedgerSigner {
  /** What the ledger of an organisation is called, wherever it is told of. */
  originOf(tenantId: TenantId): string;
  /** @returns a note. */
  sign(text: string, tenantId: TenantId): string;
  /** By which others verify: the key that signs, and those that did. */
  verifierKeysOf(tenantId: TenantId): string[];
}

/** @throws Error that names the setting, where a key can not be used. */
export function openLedgerSigner({ origin, keyFile, formerKeyFiles }: LedgerSettings): LedgerSigner {
  const key = readKey('receipts.ledger.keyFile', keyFile, (pem) => {
    const fault = whyNotPrivate(keyFile, statSync(keyFile).mode);
    if (fault !== null) throw new UnusableKeyError(fault);
    return createPrivateKey(pem);
  });
  const former = formerKeyFiles.map((file) =>
    readKey('receipts.ledger.formerKeyFiles', file, (pem) => createPublicKey(pem)),
  );
  const originOf = (tenantId: TenantId) => `${origin}/${tenantId}`;
  return {
    originOf,
    sign: (text, tenantId) => signNote(text, originOf(tenantId), key),
    verifierKeysOf: (tenantId) =>
      [createPublicKey(key), ...former].map((each) => verifierKey(noteVerifier(originOf(tenantId), each))),
  };
}

class UnusableKeyError extends Error {
  override name = 'UnusableKeyError';
}

function readKey(setting: string, file: string, read: (pem: string) => KeyObject): KeyObject {
  try {
    const key = read(readFileSync(file, 'utf8'));
    if (key.asymmetricKeyType !== 'ed25519') throw new UnusableKeyError('a key for Ed25519 is needed');
    return key;
  } catch (error) {
    const why = error instanceof UnusableKeyError ? error.message : 'it is no key in PEM that can be read';
    throw new Error(`${setting}: ${file}: ${why}`, { cause: error });
  }
}
