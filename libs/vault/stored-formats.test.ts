// SPDX-License-Identifier: Apache-2.0
import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentId, EmailId } from '@securemail/contracts';
import { createPool } from '@securemail/event-store';
import { createDatabase } from '@securemail/testing';
import { chunkCipher } from './chunk-cipher.ts';
import { fileKeyEncryptionKey } from './file-key-encryption-key.ts';
import { migrateVault } from './migrate.ts';
import { postgresVault } from './postgres-vault.ts';

/** Made by another implementation (Python's cryptography 48) from the formats as the README describes them. */
const RECORDED = {
  dataKey: Buffer.from(Array.from({ length: 32 }, (_, n) => n)),
  contentId: ContentId.parse('0197a2b0-0000-7000-8000-000000000001'),
  first: '6d603a77b8b0376dc653e031ff17a5c4dc09e4a9ad',
  lastOf259: 'd85dc68bd91a76d1b9361cb5e82551847ecc8270',
  keyFile: 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=',
  keyId: 'file:9731b09cc1a54fc6',
  emailId: EmailId.parse('0197a2b0-0000-7000-8000-000000000002'),
  wrapped:
    '07070707070707070707070707070707070707070707070707070707070707070248206d1e22250c820c8cdbf42b9c28dd4cfabf73abc17319127dfbfa9eb3f7136b2f4bd639514e4ee3f198c70f8a4e',
  personal: 'AQkJCQkJCQkJCQkJCcLWZVjIfr5sTg3LJCeJVbZ8jLo5fpcIQyDKNPpXrzcTgeE',
};

describe('what was stored once can be read for ever', () => {
  it('chunks', () => {
    const cipher = chunkCipher(createSecretKey(RECORDED.dataKey), RECORDED.contentId);
    expect(cipher.seal(Buffer.from('first'), 0, false).toString('hex')).toBe(RECORDED.first);
    expect(cipher.seal(Buffer.from('last'), 258, true).toString('hex')).toBe(RECORDED.lastOf259);
    expect(cipher.open(Buffer.from(RECORDED.lastOf259, 'hex'), 258, true)?.toString()).toBe('last');
    expect(cipher.open(Buffer.from(RECORDED.lastOf259, 'hex'), 258, false)).toBeNull();
    expect(cipher.open(Buffer.from(RECORDED.lastOf259, 'hex'), 259, true)).toBeNull();
  });

  it('a key file, a wrapped data key and a personal part', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'formats-'));
    const url = await createDatabase();
    await migrateVault({ url });
    await writeFile(join(folder, 'key'), RECORDED.keyFile, { mode: 0o600 });
    const kek = await fileKeyEncryptionKey(join(folder, 'key'));
    expect(kek.id).toBe(RECORDED.keyId);
    const { vault, cipher } = await postgresVault({ url, kek });
    const pool = createPool({ url, schema: 'vault' });
    await pool.query('insert into data_keys (email_id, tenant_id, kek_id, wrapped) values ($1, $2, $3, $4)', [
      RECORDED.emailId,
      'acme',
      RECORDED.keyId,
      Buffer.from(RECORDED.wrapped, 'hex'),
    ]);
    const opened = await cipher.open(RECORDED, RECORDED.personal, 'event 1');
    expect(Buffer.from(opened ?? []).toString()).toBe('alice@acme.example');
    await Promise.all([vault.close(), pool.end()]);
    await rm(folder, { recursive: true });
  });
});
