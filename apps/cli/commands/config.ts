// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { loadConfig } from '@securemail/config';
import {
  changeFor,
  choosingOf,
  CryptoServiceSettings,
  readCertificateFolder,
  type SettingsOf,
} from '@securemail/crypto';
import { createPool, type Pool } from '@securemail/event-store';
import { migrateSettings, originText, readState, type Decision, type State } from '@securemail/policy';
import { baseOf, plainLine, type Tenant } from '@securemail/service';
import { Command, InvalidArgumentError } from 'commander';
import { plain } from './certificates-text.ts';
import { configOption, type Common, type OutOrNo } from './common.ts';
import { readSettingsFile, settingsText, wantedBy, type ReadSettings } from './config-file.ts';
import { theTenant } from './the-tenant.ts';

interface OutAndIn extends OutOrNo {
  /** Asks the person who sits there; null where nobody does. */
  ask: ((question: string) => Promise<boolean>) | null;
}

interface Open {
  pool: Pool;
  tenant: Tenant;
  state: State;
  /** With its keys, which tell for whom anything can be signed. */
  directory: () => Promise<SettingsOf['directory']>;
}

/** `securemail config`: what administrators of one organisation set, as a file. */
export function config({ print, say, fail, ask }: OutAndIn): Command {
  const command = new Command('config')
    .description('what administrators set for the organisation, its domains and its people, as a file')
    .addOption(configOption())
    .option('--tenant <id>', 'whose settings; not needed where there is one organisation only')
    .showHelpAfterError();
  const within = <T>(work: (open: Open) => Promise<T>) => inSettings(command.opts<Common>(), work);
  /** Shows what would change. */
  const show = (decision: Decision): boolean => {
    const text = decisionText(decision);
    if (decision.kind === 'changed') print(text);
    else say(text);
    if (decision.kind !== 'changed' && decision.kind !== 'unchanged') fail();
    return decision.kind === 'changed';
  };

  command
    .command('export')
    .description('what is set, and as comments, what holds and where each value comes from')
    .option('-f, --file <file>', 'write it there; -: to standard output')
    .action(({ file }: { file?: string }) =>
      within(async ({ tenant, state }) => {
        const text = settingsText(tenant.id, baseOf(tenant), state);
        if (file === undefined || file === '-') print(text);
        else {
          await writeFile(file, text, { mode: 0o600 });
          say(`Version ${state.version}, written to ${file}.\n`);
        }
      }),
    );

  command
    .command('diff')
    .description('what would change if it were as the file says')
    .requiredOption('-f, --file <file>', 'as "export" writes it')
    .action(({ file }: { file: string }) =>
      within(async (open) => {
        const read = readFor(open.tenant, file);
        const decision = await changeTo(read, open, { by: 'diff', reason: 'diff' }, true);
        if (show(decision) && isStale(read, open.state)) say(staleText(read, open.state));
      }),
    );

  command
    .command('apply')
    .description('show what would change, ask, and make it as the file says')
    .requiredOption('-f, --file <file>', 'as "export" writes it')
    .requiredOption('--by <name>', 'who does it, for the history', oneLine)
    .requiredOption('--reason <text>', 'why, for the history', oneLine)
    .option('--yes', 'do not ask', false)
    .action(({ file, yes, ...who }: { file: string; yes: boolean; by: string; reason: string }) =>
      within(async (open) => {
        const read = readFor(open.tenant, file);
        if (!show(await changeTo(read, open, who, true))) return;
        if (isStale(read, open.state)) {
          say(`${staleText(read, open.state)}Nothing was changed.\n`);
          fail();
          return;
        }
        if (!yes && !(ask !== null && (await ask('Make these changes?')))) {
          say(
            ask === null
              ? 'Nothing was changed: say --yes where nobody can be asked.\n'
              : 'Nothing was changed.\n',
          );
          fail();
          return;
        }
        const decision = await changeTo(read, open, who, false);
        if (decision.kind === 'changed')
          say(`Version ${decision.change.version}. It counts within seconds.\n`);
        else show(decision);
      }),
    );
  return command;
}

async function changeTo(
  read: ReadSettings,
  { pool, tenant, state, directory }: Open,
  { by, reason }: { by: string; reason: string },
  dryRun: boolean,
): Promise<Decision> {
  const of = { pool, tenant, directory: mayForbidTls(read, tenant) ? await directory() : null };
  const wanted = wantedBy(read, state);
  return changeFor(of, { seen: state.version, wanted, at: new Date(), by, keyId: null, reason }, dryRun);
}

/** Only without TLS it matters whose keys there are, and there may be thousands to read. */
const mayForbidTls = ({ layers }: ReadSettings, tenant: Tenant): boolean =>
  [tenant.forbiddenMethods, ...[...layers.values()].map(({ settings }) => settings['forbiddenMethods'])].some(
    (methods) => Array.isArray(methods) && methods.includes('tls'),
  );

const isStale = ({ version }: ReadSettings, state: State): boolean =>
  version !== null && version !== state.version;

const staleText = ({ version }: ReadSettings, state: State): string =>
  `The file is of version ${version ?? 0}, and now it is ${state.version}: somebody has changed settings since. Export anew.\n`;

function decisionText(decision: Decision): string {
  switch (decision.kind) {
    case 'unchanged':
      return 'Nothing changes.\n';
    case 'changed':
      return decision.differences
        .map(
          ({ scope, path, from, to }) =>
            `${plain(`${scope}  ${path}: ${sideText(from)} → ${sideText(to)}`)}\n`,
        )
        .join('');
    case 'overtaken':
      return `Somebody has changed settings meanwhile: it is version ${decision.version} now. Nothing was changed.\n`;
    case 'strange':
      return `Not of this organisation: ${plain(decision.scopes.join(', '))}. Nothing was changed.\n`;
    case 'refused':
      return `The settings are refused, and nothing was changed:\n${decision.faults
        .map(({ scope, path, message }) => `  ${plain(`${scope}  ${path}: ${message}`)}\n`)
        .join('')}`;
    default:
      return decision satisfies never;
  }
}

type Side = (Decision & { kind: 'changed' })['differences'][number]['from'];
const sideText = (side: Side): string =>
  side === null ? 'nothing' : `${JSON.stringify(side.value)} (${originText(side.origin)})`;

function readFor(tenant: Tenant, file: string): ReadSettings {
  const read = readSettingsFile(file);
  if (read.tenant !== tenant.id)
    throw new Error(`the file is of the organisation ${read.tenant}, and not of ${tenant.id}`);
  return read;
}

async function inSettings<T>(
  { config: path, tenant: id }: Common,
  work: (open: Open) => Promise<T>,
): Promise<T> {
  const { database, tenants, crypto } = loadConfig({ schema: CryptoServiceSettings, path });
  const tenant = theTenant(tenants, id);
  await migrateSettings(database);
  const pool = createPool({ url: database.url, schema: 'crypto', max: 2 });
  try {
    const state = await readState(pool, tenant.id);
    return await work({
      pool,
      tenant,
      state,
      directory: () =>
        readCertificateFolder(crypto.directory, choosingOf(crypto), {
          // Whether one signs its certificate tells; a PIN that is tried once too often locks the token for the gateway, too.
          token: crypto.pkcs11 === undefined ? null : 'certificates alone',
          ownDomains: tenants.flatMap(({ domains }) => domains),
        }),
    });
  } finally {
    await pool.end();
  }
}

function oneLine(text: string): string {
  const line = plainLine().min(1).max(1_000).safeParse(text);
  if (line.success) return line.data;
  throw new InvalidArgumentError(
    'one line of text is wanted, of at most 1,000 characters, all of which can be seen',
  );
}
