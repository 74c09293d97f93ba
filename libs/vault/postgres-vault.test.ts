// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newEmailId, TenantId, type EmailId } from '@securemail/contracts';
import {
  createPool,
  PersonalPartDamagedError,
  type PersonalCipher,
  type Pool,
} from '@securemail/event-store';
import { createDatabase, memoryInUse } from '@securemail/testing';
import { CHUNK_SIZE } from './chunk-cipher.ts';
import { CACHE_LIFE } from './data-keys.ts';
import { createKeyFile, fileKeyEncryptionKey } from './file-key-encryption-key.ts';
import { WrongKeyEncryptionKeyError, type KeyEncryptionKey } from './key-encryption-key.ts';
import { migrateVault } from './migrate.ts';
import { postgresVault } from './postgres-vault.ts';
import { collect, streamOf, vaultContract, type VaultUnderTest } from './vault.contract.ts';
import { ContentMissingError, type Vault } from './vault.ts';

const tenantId = TenantId.parse('acme');
const newOwner = () => ({ emailId: newEmailId(), tenantId });
let folder: string;
let url: string;
let pool: Pool;
let kek: KeyEncryptionKey;
let here: { vault: Vault; cipher: PersonalCipher };
let elsewhere: { vault: Vault; cipher: PersonalCipher };
let now = Date.now();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'));
  await createKeyFile(join(folder, 'key'));
  kek = await fileKeyEncryptionKey(join(folder, 'key'));
  url = await createDatabase();
  await migrateVault({ url });
  pool = createPool({ url, schema: 'vault' });
  const clock = () => new Date(now);
  here = await postgresVault({ url, kek, clock });
  elsewhere = await postgresVault({ url, kek, clock });
});
afterAll(async () => {
  await Promise.all([here.vault.close(), elsewhere.vault.close(), pool.end()]);
  await rm(folder, { recursive: true });
});

const store: VaultUnderTest['store'] = {
  async readChunk(contentId, index) {
    const { rows } = await pool.query<{ data: Buffer }>(
      'select data from chunks where content_id = $1 and index = $2',
      [contentId, index],
    );
    return rows[0]!.data;
  },
  async writeChunk(contentId, index, sealed) {
    await (sealed === null
      ? pool.query('delete from chunks where content_id = $1 and index = $2', [contentId, index])
      : pool.query('update chunks set data = $3 where content_id = $1 and index = $2', [
          contentId,
          index,
          sealed,
        ]));
  },
  async setChunks(contentId, chunks) {
    await pool.query('update contents set chunks = $2 where content_id = $1', [contentId, chunks]);
  },
  async holds(emailId) {
    const { rows } = await pool.query<{ contents: number; chunks: number }>(
      `select count(distinct content_id)::int as contents, count(index)::int as chunks
       from contents left join chunks using (content_id) where email_id = $1`,
      [emailId],
    );
    return rows[0]!;
  },
};

vaultContract('the vault in Postgres', () => ({ vault: here.vault, elsewhere: elsewhere.vault, store }));

const disconnect = () =>
  pool.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where application_name = 'securemail-vault' and datname = current_database()`,
  );

describe('the vault in Postgres', () => {
  it('stores a small content, and the first key of its email, with one statement', async () => {
    const { contentId } = await here.vault.put(newOwner(), streamOf(randomBytes(20_000)));
    const { rows } = await pool.query<Record<'tx' | 'command', string[]>>(
      `select array[k.xmin, c.xmin, d.xmin]::text[] as tx, array[k.cmin, c.cmin, d.cmin]::text[] as command
       from data_keys k join contents c using (email_id) join chunks d using (content_id) where content_id = $1`,
      [contentId],
    );
    expect(new Set(rows[0]!.tx).size).toBe(1);
    expect(new Set(rows[0]!.command).size).toBe(1);
  });

  it('leaves nothing visible when the database goes away half-way, for the sweep to take', async () => {
    const owner = newOwner();
    const database = new URL(url).pathname.slice(1);
    const server = createPool({
      url: Object.assign(new URL(url), { pathname: '/postgres' }).href,
      schema: 'public',
    });
    async function* content() {
      yield* streamOf(randomBytes(6 * CHUNK_SIZE));
      await server.query(`alter database ${database} with allow_connections false`);
      await disconnect();
      yield* streamOf(randomBytes(6 * CHUNK_SIZE));
    }
    await expect(here.vault.put(owner, content())).rejects.toThrow();
    await server.query(`alter database ${database} with allow_connections true`);
    await server.end();
    const finished = 'select from contents where email_id = $1 and finished_at is not null';
    expect((await pool.query(finished, [owner.emailId])).rowCount).toBe(0);
    expect(await store.holds(owner.emailId)).toMatchObject({ contents: 1 });
    expect(await here.vault.sweep(new Date(now + 1))).toBe(1);
    expect(await store.holds(owner.emailId)).toEqual({ contents: 0, chunks: 0 });
  });

  it('goes on with new connections when its idle ones die half-way', async () => {
    const owner = newOwner();
    const bytes = randomBytes(6 * CHUNK_SIZE);
    async function* content() {
      yield* streamOf(bytes);
      await disconnect();
      yield* streamOf(bytes);
    }
    const ref = await here.vault.put(owner, content());
    expect((await collect(here.vault.get(owner, ref))).equals(Buffer.concat([bytes, bytes]))).toBe(true);
  });

  it('leaves nothing when the disk is full, and says no more than that', async () => {
    const owner = newOwner();
    await pool.query(`create function fill_disk() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger fill_disk before insert on chunks for each row when (new.index > 2) execute function fill_disk()`);
    try {
      const put = here.vault.put(owner, streamOf(randomBytes(6 * CHUNK_SIZE)));
      await expect(put).rejects.toMatchObject({ code: '53100' });
      expect(await store.holds(owner.emailId)).toEqual({ contents: 0, chunks: 0 });
    } finally {
      await pool.query('drop trigger fill_disk on chunks; drop function fill_disk');
    }
  });

  it('refuses to start with another key-encryption key', async () => {
    await createKeyFile(join(folder, 'other'));
    const other = await fileKeyEncryptionKey(join(folder, 'other'));
    await expect(postgresVault({ url, kek: other })).rejects.toThrow(WrongKeyEncryptionKeyError);
    await expect(postgresVault({ url, kek: other })).rejects.toThrow(kek.id);
  });

  it('opens nothing with a key-encryption key that only has the right name', async () => {
    const owner = newOwner();
    const ref = await here.vault.put(owner, streamOf(randomBytes(10)));
    await createKeyFile(join(folder, 'namesake'));
    const namesake = { ...(await fileKeyEncryptionKey(join(folder, 'namesake'))), id: kek.id };
    const { vault } = await postgresVault({ url, kek: namesake });
    await expect(collect(vault.get(owner, ref))).rejects.toThrow(WrongKeyEncryptionKeyError);
    await vault.close();
  });

  it("opens nothing with another email's data key", async () => {
    const [owner, other] = [newOwner(), newOwner()];
    const ref = await here.vault.put(owner, streamOf(randomBytes(10)));
    await here.vault.put(other, streamOf(randomBytes(10)));
    await pool.query(
      'update data_keys set wrapped = (select wrapped from data_keys where email_id = $2) where email_id = $1',
      [owner.emailId, other.emailId],
    );
    await expect(collect(elsewhere.vault.get(owner, ref))).rejects.toThrow(WrongKeyEncryptionKeyError);
  });

  it('keeps no wrapped key of an erased email', async () => {
    const owner = newOwner();
    await here.vault.put(owner, streamOf(randomBytes(10)));
    await here.vault.erase(owner.emailId);
    const { rows } = await pool.query('select wrapped, erased_at from data_keys where email_id = $1', [
      owner.emailId,
    ]);
    expect(rows).toEqual([{ wrapped: null, erased_at: new Date(now) }]);
  });

  it('remembers of an email that was just stored its key, and nothing the size of its content', async () => {
    const content = randomBytes(20_000);
    const store500 = async () => {
      for (let email = 0; email < 500; email += 1) await here.vault.put(newOwner(), streamOf(content));
    };
    await store500();
    const before = memoryInUse();
    await store500();
    expect(memoryInUse() - before).toBeLessThan(500 * 4_096);
  });

  it('needs no more memory for 200 MB than for 50 MB', async () => {
    const peak = async (megabytes: number) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          '--conditions=source',
          join(import.meta.dirname, 'peak-memory.ts'),
          url,
          join(folder, 'key'),
          `${megabytes}`,
        ],
        { env: {} },
      );
      return Number(stdout);
    };
    const [little, much] = [await peak(50), await peak(200)];
    // Kept anywhere on its way, the content would add 150; how lazily garbage is collected adds some 20.
    expect(much - little).toBeLessThan(75);
  });
});

describe('the personal cipher', () => {
  const seal = (owner: { emailId: EmailId; tenantId: TenantId }, text: string, bound = 'event 1') =>
    here.cipher.seal(owner, Buffer.from(text), bound);
  const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

  it.each(['', 'alice@acme.example', 'Ærø '.repeat(10_000)])(
    'opens what it sealed (%#), in any process',
    async (text) => {
      const owner = newOwner();
      const sealed = await seal(owner, text);
      expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(textOf(await here.cipher.open(owner, sealed, 'event 1'))).toBe(text);
      expect(textOf(await elsewhere.cipher.open(owner, sealed, 'event 1'))).toBe(text);
    },
  );

  it('uses one data key for an email that several processes meet at once', async () => {
    const owner = newOwner();
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? here : elsewhere).cipher.seal(owner, Buffer.from(`${n}`), 'event 1'),
      ),
    );
    for (const [n, sealed] of all.entries()) {
      expect(textOf(await elsewhere.cipher.open(owner, sealed, 'event 1'))).toBe(`${n}`);
    }
  });

  it('opens nothing that was changed, cut short, or sealed for another event or email', async () => {
    const [owner, other] = [newOwner(), newOwner()];
    const sealed = await seal(owner, 'alice');
    await seal(other, 'bob');
    const changed = Buffer.from(sealed, 'base64url');
    changed[changed.length - 1]! ^= 1;
    const bad = [changed.toString('base64url'), sealed.slice(0, -8), sealed.slice(0, 12), '', 'A', '???'];
    for (const each of bad) {
      await expect(here.cipher.open(owner, each, 'event 1')).rejects.toThrow(PersonalPartDamagedError);
    }
    await expect(here.cipher.open(owner, sealed, 'event 2')).rejects.toThrow(PersonalPartDamagedError);
    await expect(here.cipher.open(other, sealed, 'event 1')).rejects.toThrow(PersonalPartDamagedError);
    await expect(here.cipher.open(newOwner(), sealed, 'event 1')).rejects.toThrow(ContentMissingError);
  });

  it('opens nothing of an erased email: here at once, elsewhere once its memory has run out', async () => {
    const owner = newOwner();
    const sealed = await seal(owner, 'alice');
    await elsewhere.cipher.open(owner, sealed, 'event 1');
    await here.vault.erase(owner.emailId);
    expect(await here.cipher.open(owner, sealed, 'event 1')).toBeNull();
    now += CACHE_LIFE;
    expect(await elsewhere.cipher.open(owner, sealed, 'event 1')).toBeNull();
  });

  it('lets history go on for an erased email, and nobody opens it', async () => {
    const owner = newOwner();
    await here.vault.erase(owner.emailId);
    const sealed = await seal(owner, 'alice');
    expect(await here.cipher.open(owner, sealed, 'event 1')).toBeNull();
  });

  it('seals nothing for an email of another tenant', async () => {
    const owner = newOwner();
    await seal(owner, 'alice');
    await expect(seal({ ...owner, tenantId: TenantId.parse('other') }, 'bob')).rejects.toThrow(
      'another tenant',
    );
  });
});
