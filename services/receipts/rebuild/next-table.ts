// SPDX-License-Identifier: Apache-2.0
import { inTransaction, type Pool } from '@securemail/event-store';

/** What is beside `emails` while it is made anew. */
export const NEXT = 'emails_next';
/** What others say of an email that follows from no event. */
export const NOT_PROJECTED = ['nobody_to_tell', 'findable', 'unfindable_since', 'readable_until'] as const;

const MIRROR = 'emails_mirrored';
const MARK = 'emails_marked';

/** Whatever an attempt left that did not come to its end. */
export async function removeNext(pool: Pool): Promise<void> {
  await inTransaction(pool, async (tx) => {
    for (const trigger of [MIRROR, MARK]) {
      await tx.query(`drop trigger if exists ${trigger} on emails`);
      await tx.query(`drop function if exists ${trigger}()`);
    }
    await tx.query(`drop table if exists ${NEXT}`);
  });
}

/**
 * An empty table with the columns and indexes of `emails`. From then on what is projected meanwhile is written to both: by
 * who projects, of its own accord, as it is made of the whole history each time.
 */
export async function openNext(pool: Pool): Promise<void> {
  const columns = await columnsOf(pool);
  const indexes = await indexesOf(pool);
  const marks = NOT_PROJECTED.map((name) => `${name} = new.${name}`).join(', ');
  await inTransaction(pool, async (tx) => {
    await tx.query(`create table ${NEXT} (like emails including defaults including constraints)`);
    for (const { name, definition } of indexes)
      await tx.query(
        definition.replace(
          /^(CREATE (?:UNIQUE )?INDEX) \S+ ON (\S+\.)?emails /,
          `$1 ${nextOf(name)} ON $2${NEXT} `,
        ),
      );
    await tx.query(`create function ${MIRROR}() returns trigger language plpgsql as $$ begin
      insert into ${NEXT} (${columns.join(', ')}) values (${columns.map((name) => `new.${name}`).join(', ')})
      on conflict (email_id) do update set ${columns.map((name) => `${name} = excluded.${name}`).join(', ')};
      return null;
    end $$`);
    await tx.query(`create function ${MARK}() returns trigger language plpgsql as $$ begin
      update ${NEXT} set ${marks} where email_id = new.email_id;
      return null;
    end $$`);
    await tx.query(
      `create trigger ${MIRROR} after insert or update of state on emails for each row execute function ${MIRROR}()`,
    );
    await tx.query(
      `create trigger ${MARK} after update of ${NOT_PROJECTED.join(', ')} on emails for each row execute function ${MARK}()`,
    );
  });
}

/** It takes the place of `emails`, in one moment. */
export async function switchToNext(pool: Pool): Promise<void> {
  await pool.query(`analyze ${NEXT}`);
  const indexes = await indexesOf(pool);
  await inTransaction(pool, async (tx) => {
    // Who waits for the table waits for those who wait for it, too: better to try again.
    await tx.query(`set local lock_timeout = '2s'`);
    await tx.query('lock table emails in access exclusive mode');
    await tx.query('drop table emails');
    await tx.query(`alter table ${NEXT} rename to emails`);
    for (const { name, isPrimary } of indexes) {
      await tx.query(`alter index ${nextOf(name)} rename to ${name}`);
      if (isPrimary)
        await tx.query(`alter table emails add constraint ${name} primary key using index ${name}`);
    }
    for (const trigger of [MIRROR, MARK]) await tx.query(`drop function ${trigger}()`);
  });
}

const nextOf = (name: string): string => `next_${name}`;

async function columnsOf(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
      where attrelid = 'emails'::regclass and attnum > 0 and not attisdropped order by attnum`,
  );
  return rows.map(({ name }) => name);
}

async function indexesOf(pool: Pool): Promise<{ name: string; definition: string; isPrimary: boolean }[]> {
  const { rows } = await pool.query<{ name: string; definition: string; isPrimary: boolean }>(
    `select quote_ident(c.relname) as name, pg_get_indexdef(i.indexrelid) as definition,
        i.indisprimary as "isPrimary"
      from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'emails'::regclass order by 1`,
  );
  return rows;
}
