// SPDX-License-Identifier: Apache-2.0
import { createPool, EventStore, type Pool } from '@securemail/event-store';
import type { PlatformSettings } from '@securemail/service';
import { fileKeyEncryptionKey, postgresVault, type KeyEncryptionKey, type Vault } from '@securemail/vault';

/** What a command that does something in the place of receipts works with. */
export interface ReceiptsAtHand {
  pool: Pool;
  store: EventStore;
  vault: Vault;
  kek: KeyEncryptionKey;
}

/** Opens it for as long as the work takes. */
export async function withReceipts(
  { database: { url }, vault: { keyFile } }: Pick<PlatformSettings, 'database' | 'vault'>,
  work: (receipts: ReceiptsAtHand) => Promise<void>,
): Promise<void> {
  const kek = await fileKeyEncryptionKey(keyFile);
  const pool = createPool({ url, schema: 'receipts', max: 4 });
  try {
    const { vault, cipher } = await postgresVault({ url, kek, max: 3 });
    try {
      await work({ pool, store: new EventStore({ service: 'receipts', cipher }), vault, kek });
    } finally {
      await vault.close();
    }
  } finally {
    await pool.end();
  }
}
