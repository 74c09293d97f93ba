// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey } from 'node:crypto';
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
  /** By which others verify. */
  verifierKeyOf(tenantId: TenantId): string;
}

/** @throws Error that names the setting, where the key can not be used. */
export function openLedgerSigner({ origin, keyFile }: LedgerSettings): LedgerSigner {
  const wrong = (why: string, cause?: unknown) =>
    new Error(`receipts.ledger.keyFile: ${keyFile}: ${why}`, { cause });
  const read = () => {
    try {
      return { mode: statSync(keyFile).mode, key: createPrivateKey(readFileSync(keyFile, 'utf8')) };
    } catch (error) {
      throw wrong('it is no private key in PEM that can be read', error);
    }
  };
  const { mode, key } = read();
  const fault = whyNotPrivate(keyFile, mode);
  if (fault !== null) throw wrong(fault);
  if (key.asymmetricKeyType !== 'ed25519') throw wrong('a key for Ed25519 is needed');
  const originOf = (tenantId: TenantId) => `${origin}/${tenantId}`;
  return {
    originOf,
    sign: (text, tenantId) => signNote(text, originOf(tenantId), key),
    verifierKeyOf: (tenantId) => verifierKey(noteVerifier(originOf(tenantId), createPublicKey(key))),
  };
}
