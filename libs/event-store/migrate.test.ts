// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@securemail/testing';
import { migrate, migrateEventStore } from './migrate.ts';
import { createPool } from './pool.ts';

let url: string;
beforeAll(async () => {
  url = await createDatabase();
});

describe('migrations', () => {
  it('are applied once, by one of the processes that start together', async () => {
    const applied = await Promise.all(
      Array.from({ length: 4 }, () => migrateEventStore({ url, schema: 'together' })),
    );
    expect(applied.flat()).toEqual(['0001_events']);
    expect(await migrateEventStore({ url, schema: 'together' })).toEqual([]);
  });

  it('give each service tables of its own', async () => {
    await migrateEventStore({ url, schema: 'one' });
    await migrateEventStore({ url, schema: 'two' });
    for (const schema of ['one', 'two']) {
      const pool = createPool({ url, schema });
      const { rows } = await pool.query<{ schema: string }>(
        `select relnamespace::regnamespace::text as schema from pg_class where oid = 'events'::regclass`,
      );
      expect(rows).toEqual([{ schema }]);
      await pool.end();
    }
  });

  it('change nothing when one of them fails', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
    await writeFile(join(directory, '0001_good.sql'), '-- Up Migration\ncreate table good (id int);\n');
    await writeFile(join(directory, '0002_bad.sql'), '-- Up Migration\ncreate table bad (id nonsense);\n');
    const options = { url, schema: 'failing', directory, table: 'its_migrations' };
    await expect(migrate(options)).rejects.toThrow('nonsense');
    await writeFile(join(directory, '0002_bad.sql'), '-- Up Migration\ncreate table bad (id int);\n');
    expect(await migrate(options)).toEqual(['0001_good', '0002_bad']);
  });
});
