// SPDX-License-Identifier: Apache-2.0
import { loadConfig } from '@securemail/config';
import { SERVICES, type ServiceName } from '@securemail/contracts';
import { beginEpoch, createPool, type Pool } from '@securemail/event-store';
import { PlatformSettings } from '@securemail/service';
import { Command } from 'commander';
import { plain } from './certificates-text.ts';
import { configOption, type Out } from './common.ts';

interface RestoredOptions {
  config: string;
  dryRun: boolean;
  althoughConnected: boolean;
  json: boolean;
}

/** `securemail database`: what an operator does to the database that no service does by itself. */
export function database({ print, say }: Out): Command {
  const command = new Command('database').description('the database of the gateway').showHelpAfterError();
  command
    .command('restored')
    .description(
      'after a restore from a backup, before anything starts: whoever reads events begins again, and skips what was dealt with',
    )
    .addOption(configOption())
    .option('--dry-run', 'only say what would be done', false)
    .option('--although-connected', 'also while others are connected to the database', false)
    .option('--json', 'as one line of JSON', false)
    .action(async ({ config, dryRun: isDryRun, althoughConnected, json }: RestoredOptions) => {
      const { url } = loadConfig({ schema: PlatformSettings, path: config }).database;
      await inSchema(url, 'intake', async (pool) => {
        await refuseUnusable(pool);
        if (!althoughConnected) await refuseConnected(pool);
      });
      const events: [ServiceName, number][] = [];
      for (const service of SERVICES) {
        const count = await inSchema(url, service, (pool) =>
          isDryRun
            ? countEvents(pool)
            : beginEpoch(pool, {
                progressed: (done) => {
                  say(`${service}: ${done} events\n`);
                },
              }),
        );
        events.push([service, count]);
        if (!json) print(`${service}: ${count} events ${isDryRun ? 'would be' : 'are'} read anew\n`);
      }
      if (json) print(`${JSON.stringify(Object.fromEntries(events))}\n`);
      else if (!isDryRun)
        print('Start the services: each reads from the beginning, and skips what was dealt with.\n');
    });
  return command;
}

/** Before anything is changed: half of it would have to be done again. */
async function refuseUnusable(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ schema: string; is_own: boolean | null }>(
    `select schema, (select pg_has_role(relowner, 'usage') from pg_class
        where oid = to_regclass(quote_ident(schema) || '.events')
          and to_regclass(quote_ident(schema) || '.event_epoch') is not null) as is_own
     from unnest($1::text[]) as schema`,
    [SERVICES],
  );
  const named = (which: boolean | null) =>
    rows.flatMap(({ schema, is_own: isOwn }) => (isOwn === which ? [schema] : [])).join(', ');
  const [missing, foreign] = [named(null), named(false)];
  if (missing !== '')
    throw new Error(
      `database.url: there is nothing of ${missing} in this database: it is not the one that was restored, or not all of it was. Nothing was changed.`,
    );
  if (foreign !== '')
    throw new Error(
      `database.url: the tables of ${foreign} belong to another role, which has to do this. Nothing was changed.`,
    );
}

async function refuseConnected(pool: Pool): Promise<void> {
  // Of who is another role, one without rights to statistics is not told the type.
  const { rows } = await pool.query<{ name: string; count: number }>(
    `select coalesce(nullif(application_name, ''), 'without a name') as name, count(*)::int as count
     from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()
       and coalesce(backend_type, 'client backend') = 'client backend'
     group by 1 order by 1`,
  );
  if (rows.length === 0) return;
  const connected = rows.map(({ name, count }) => `${plain(name)} (${count})`).join(', ');
  throw new Error(
    `Others are connected to the database: ${connected}. Stop the services first; --although-connected goes on all the same. Nothing was changed.`,
  );
}

async function countEvents(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from events');
  return rows[0]?.count ?? 0;
}

async function inSchema<T>(url: string, schema: ServiceName, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ url, schema, max: 1, applicationName: 'securemail-restored' });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
