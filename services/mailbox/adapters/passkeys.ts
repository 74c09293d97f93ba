// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Pool, Transaction } from '@securemail/event-store';
import type { Reader } from './messages.ts';

/** What is known of a passkey (WebAuthn §4, credential record). */
export interface Passkey {
  /** Base64url. */
  passkeyId: string;
  /** COSE (RFC 9052). */
  publicKey: Buffer;
  counter: number;
  transports: string[];
}

export interface StoredPasskey extends Passkey, Reader {
  credentialId: EmailId;
}

/** @returns whether there was none of that id. */
export async function addPasskey(tx: Transaction, passkey: StoredPasskey, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'mailbox/add-passkey',
    text: `insert into credentials (credential_id, tenant_id, person, kind, added_at, passkey_id, public_key, counter, transports)
      values ($1, $2, $3, 'passkey', $4, $5, $6, $7, $8) on conflict (passkey_id) do nothing`,
    values: [
      passkey.credentialId,
      passkey.tenantId,
      passkey.person,
      at,
      passkey.passkeyId,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
    ],
  });
  return rowCount === 1;
}

const COLUMNS = `credential_id as "credentialId", tenant_id as "tenantId", person, passkey_id as "passkeyId",
  public_key as "publicKey", counter::float8 as counter, transports`;

export async function passkeyOf(pool: Pool, passkeyId: string): Promise<StoredPasskey | null> {
  const { rows } = await pool.query<StoredPasskey>({
    name: 'mailbox/passkey-of',
    text: `select ${COLUMNS} from credentials where passkey_id = $1 and removed_at is null`,
    values: [passkeyId],
  });
  return rows[0] ?? null;
}

export async function passkeysOf(pool: Pool, { tenantId, person }: Reader): Promise<StoredPasskey[]> {
  const { rows } = await pool.query<StoredPasskey>({
    name: 'mailbox/passkeys-of',
    text: `select ${COLUMNS} from credentials
      where tenant_id = $1 and person = $2 and kind = 'passkey' and removed_at is null`,
    values: [tenantId, person],
  });
  return rows;
}

/**
 * Notes a use, where it counts on: of two answers with one count the second is refused, for it may be of a copy
 * (WebAuthn §6.1.1). Passkeys that are kept in several devices do not count: they say 0.
 *
 * @returns whether it did, and the passkey is still there.
 */
export async function noteUseOfPasskey(
  tx: Transaction,
  credentialId: EmailId,
  counter: number,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'mailbox/note-use-of-passkey',
    text: `update credentials set used_at = $3, counter = $2
      where credential_id = $1 and removed_at is null and (counter < $2 or (counter = 0 and $2 = 0))`,
    values: [credentialId, counter, at],
  });
  return rowCount === 1;
}
