// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { domainOf, foldedAddress, type Address, type TenantId } from '@securemail/contracts';
import type { ApiKeySettings, Tenant } from './settings/tenant.ts';

/** Who calls, and what they may do. */
export interface Principal {
  tenantId: TenantId;
  keyId: string;
  senders: readonly string[];
  scopes: readonly ApiKeySettings['scopes'][number][];
  /** The name of the person who acts, where it is one in the console. */
  person?: string;
}

/** A key holds 256 random bits, so a plain SHA-256 of it can be stored: there is nothing to guess. */
const sha256 = (key: string) => createHash('sha256').update(key).digest();

/** A new key: shown once to its holder; only the digest goes into the configuration. */
export function createApiKey(id: string): { key: string; sha256: string } {
  const key = `sm_${id}_${randomBytes(32).toString('base64url')}`;
  return { key, sha256: sha256(key).toString('hex') };
}

/** Finds whose key it is, in a time that does not depend on how much of it is right. */
export function authenticate(key: string, tenants: Iterable<Tenant>): Principal | null {
  const digest = sha256(key);
  let found: Principal | null = null;
  for (const tenant of tenants) {
    for (const { id, senders, scopes, sha256: expected } of tenant.apiKeys) {
      const same = timingSafeEqual(digest, Buffer.from(expected, 'hex'));
      if (same) found = { tenantId: tenant.id, keyId: id, senders, scopes };
    }
  }
  return found;
}

/** Addresses compare without case: no organisation gives Anna and anna to two people. */
export function maySendAs({ senders }: Pick<Principal, 'senders'>, address: Address): boolean {
  const wanted = foldedAddress(address);
  return senders
    .map((sender) => sender.toLowerCase().normalize('NFC'))
    .some((sender) => sender === wanted || sender === `*@${domainOf(address)}`);
}
