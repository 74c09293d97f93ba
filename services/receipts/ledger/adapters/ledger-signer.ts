// SPDX-License-Identifier: Apache-2.0
import { createPublicKey } from 'node:crypto';
import type { TenantId } from '@securemail/contracts';
import { noteVerifier, signNote, type NoteVerifier } from '@securemail/ledger';
import { privateKeyIn, publicKeyIn, type WantedKey } from '../../adapters/signing-key.ts';
import type { LedgerSettings } from '../settings.ts';

/** Signs for the ledgers of all organisations. */
export interface LedgerSigner {
  /** What the ledger of an organisation is called, wherever it is told of. */
  originOf(tenantId: TenantId): string;
  /** @returns a note. */
  sign(text: string, tenantId: TenantId): string;
  /** By which others verify: the key that signs, and those that did. */
  verifiersOf(tenantId: TenantId): NoteVerifier[];
}

/** @throws Error that names the setting, where a key can not be used. */
export function openLedgerSigner({ origin, keyFile, formerKeyFiles }: LedgerSettings): LedgerSigner {
  const key = privateKeyIn('receipts.ledger.keyFile', keyFile, ED25519);
  const former = formerKeyFiles.map((file) => publicKeyIn('receipts.ledger.formerKeyFiles', file, ED25519));
  const originOf = (tenantId: TenantId) => `${origin}/${tenantId}`;
  return {
    originOf,
    sign: (text, tenantId) => signNote(text, originOf(tenantId), key),
    verifiersOf: (tenantId) =>
      [createPublicKey(key), ...former].map((each) => noteVerifier(originOf(tenantId), each)),
  };
}

const ED25519: WantedKey = {
  isOne: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519',
  otherwise: 'a key for Ed25519 is needed',
};
