// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { createPool, inTransaction, type PersonalCipher, type Pool } from '@securemail/event-store';
import { DataKeys } from './data-keys.ts';
import { get } from './get.ts';
import { WrongKeyEncryptionKeyError, type KeyEncryptionKey } from './key-encryption-key.ts';
import { VAULT_SCHEMA } from './migrate.ts';
import { personalCipher } from './personal-cipher.ts';
import { put } from './put.ts';
import { sweepUnreferenced } from './sweep-unreferenced.ts';
import { timed, timedReading } from './timed.ts';
import type { Vault } from './vault.ts';

export interface PostgresVaultOptions {
  url: string;
  kek: KeyEncryptionKey;
  clock?: () => Date;
  /** Connections at most. Default 10. */
  max?: number;
  /** How the connections are named in `pg_stat_activity` and in metrics. */
  applicationName?: string;
}

/**
 * The vault in a Postgres schema of its own, and the cipher for personal parts of events under the same data keys.
 * Closing the vault ends both.
 *
 * @throws WrongKeyEncryptionKeyError where the data keys there were wrapped by another one.
 */
export async function postgresVault({
  url,
  kek,
  clock = () => new Date(),
  max = 10,
  applicationName = 'securemail-vault',
}: PostgresVaultOptions): Promise<{ vault: Vault; cipher: PersonalCipher }> {
  const pool = createPool({ url, schema: VAULT_SCHEMA, max, applicationName });
  try {
    await checkKeyEncryptionKey(pool, kek.id);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const dataKeys = new DataKeys(pool, kek, clock);
  const erase = async (emailId: EmailId) => {
    try {
      await inTransaction(pool, async (tx) => {
        await tx.query(
          `insert into data_keys (email_id, erased_at) values ($1, $2)
           on conflict (email_id) do update set wrapped = null, erased_at = $2 where data_keys.erased_at is null`,
          [emailId, clock()],
        );
        await tx.query('delete from contents where email_id = $1', [emailId]);
      });
    } finally {
      dataKeys.forget(emailId);
    }
  };
  const vault: Vault = {
    put: (owner, content) => timed('put', put({ pool, dataKeys, clock }, owner, content)),
    get: (owner, ref) => timedReading(get({ pool, dataKeys }, owner.emailId, ref)),
    async remove({ emailId }, contents) {
      if (contents.length === 0) return;
      await pool.query({
        name: 'vault/remove',
        text: `with removed as (
            delete from contents where email_id = $1 and content_id = any($2::uuid[]) returning email_id
          )
          update data_keys set has_removed = true
          where email_id in (select email_id from removed) and not has_removed`,
        values: [emailId, contents.map(({ contentId }) => contentId)],
      });
    },
    erase: (emailId) => timed('erase', erase(emailId)),
    async sweep(olderThan) {
      const { rowCount } = await pool.query(
        'delete from contents where finished_at is null and begun_at < $1',
        [olderThan],
      );
      return rowCount ?? 0;
    },
    sweepUnreferenced: (sweep) => sweepUnreferenced(pool, erase, sweep),
    close: () => pool.end(),
  };
  return { vault, cipher: personalCipher(dataKeys) };
}

/** The first key ever given is the vault's; another one means a lost or mixed-up key, better seen now than later. */
async function checkKeyEncryptionKey(pool: Pool, id: string): Promise<void> {
  const known = await inTransaction(pool, async (tx) => {
    await tx.query(`lock table key_encryption_keys in share row exclusive mode`);
    await tx.query(
      'insert into key_encryption_keys (id) select $1::text where not exists (select from key_encryption_keys)',
      [id],
    );
    return (await tx.query<{ id: string }>('select id from key_encryption_keys')).rows.map((row) => row.id);
  });
  if (known.includes(id)) return;
  throw new WrongKeyEncryptionKeyError(
    `this vault's data keys were wrapped by key-encryption key ${known.join(', ')}, but ${id} was given: start with the key that belongs to this database`,
  );
}
