// SPDX-License-Identifier: Apache-2.0
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadConfig } from '@securemail/config';
import type { EmailId } from '@securemail/contracts';
import { createPool, EventStore } from '@securemail/event-store';
import { parseVerifierKeys, verifierKey, verifyFile, type NoteVerifier } from '@securemail/ledger';
import {
  exportLedger,
  noteExport,
  openLedgerSigner,
  ReceiptsServiceSettings,
  replay,
  type Wanted,
} from '@securemail/receipts';
import { whyNot } from '@securemail/service';
import { fileKeyEncryptionKey, postgresVault } from '@securemail/vault';
import { Command, InvalidArgumentError } from 'commander';
import { replayText, verdictText } from './audit-text.ts';
import { configOption, type Common, type Out, type Written } from './common.ts';
import { emailId } from './email-id.ts';
import { theTenant } from './the-tenant.ts';
import type { ExitCode } from './verify.ts';

interface ExportOptions extends Written {
  email?: EmailId;
  from?: Date;
  to?: Date;
  out?: string;
}

/** `securemail audit`: takes history out of the ledger with what proves it, and verifies such a file anywhere. */
export function audit({ print, say, end }: Out & { end: (code: ExitCode) => void }): Command {
  const command = new Command('audit')
    .description('what proves that the history of an organisation is as it was recorded')
    .showHelpAfterError();
  const ofGateway = (each: Command) =>
    each
      .addOption(configOption())
      .option('--tenant <id>', 'whose history; not needed where there is one organisation only');

  ofGateway(command.command('key'))
    .description(
      'print the public key by which others verify, and former ones: hand them over where nobody can change them',
    )
    .action((options: Common) => {
      const { signer, tenant } = open(options);
      for (const each of signer.verifiersOf(tenant.id)) print(`${verifierKey(each)}\n`);
    });

  ofGateway(command.command('export'))
    .description('one file with events, and what proves that they are all and as they were recorded')
    .option('--email <id>', 'only what was done with this email', emailId)
    .option('--from <time>', 'only what was recorded at this time or later', moment)
    .option('--to <time>', 'only what was recorded before this time', moment)
    .option('--out <file>', 'a new file; without, it is printed')
    .requiredOption('--by <name>', 'who takes it, for the history')
    .requiredOption('--reason <text>', 'why, for the history')
    .action(async (options: Common & ExportOptions) => {
      await runExport(options, { print, say });
    });

  ofGateway(command.command('replay'))
    .description(
      'make the state of every email anew from recorded events alone, and compare it with what is shown',
    )
    .option('--at <time>', 'as it was then; nothing is compared', moment)
    .option('--email <id>', 'only this email', emailId)
    .option('--json', 'what came out as one line of JSON', false)
    .action(async (options: Common & { at?: Date; email?: EmailId }) => {
      const settings = loadConfig({ schema: ReceiptsServiceSettings, path: options.config });
      const pool = createPool({ url: settings.database.url, schema: 'receipts', max: 2 });
      try {
        const { at = null, email } = options;
        const replayed = await replay(pool, theTenant(settings.tenants, options.tenant).id, {
          at,
          emailIds: email === undefined ? null : [email],
          progressed: everySoOften(say),
        });
        if (email !== undefined && replayed.events === 0 && replayed.differenceCount === 0) {
          say(`The ledger has nothing of an email ${email}${at === null ? '' : ' until then'}.\n`);
          end(2);
          return;
        }
        print(options.json ? `${JSON.stringify(replayed)}\n` : replayText(replayed));
        end(replayed.differenceCount === 0 ? 0 : 1);
      } finally {
        await pool.end();
      }
    });

  command
    .command('verify')
    .argument('<file>', 'as `export` wrote it, or proofs that came with a receipt; - for standard input')
    .description(
      'whether a file is as it was exported, and everything in it is in the ledger. Nothing is fetched.',
    )
    .requiredOption(
      '--key <file>',
      'a public key of the ledger, or of a witness, as `key` printed it; as often as need be',
      (file: string, others: readonly string[]) => [...others, file],
      [],
    )
    .option('--json', 'the verdict as one line of JSON', false)
    .action(async (path: string, { key, json }: { key: readonly string[]; json: boolean }) => {
      try {
        const verifiers = (await Promise.all(key.map(verifiersIn))).flat();
        const verdict = await verifyFile(path === '-' ? process.stdin : createReadStream(path), verifiers);
        print(json ? `${JSON.stringify(verdict)}\n` : verdictText(verdict));
        end(verdict.isVerified ? 0 : 1);
      } catch (error) {
        say(`${whyNot(error)}\n`);
        end(2);
      }
    });
  return command;
}

function open({ config, tenant: wanted }: Pick<Common, 'config' | 'tenant'>) {
  const settings = loadConfig({ schema: ReceiptsServiceSettings, path: config });
  const { ledger } = settings.receipts;
  if (ledger === undefined)
    throw new Error('receipts.ledger: is missing: the ledger is kept, but there is no key to sign with');
  return { settings, tenant: theTenant(settings.tenants, wanted), signer: openLedgerSigner(ledger) };
}

async function runExport(options: Common & ExportOptions, { print, say }: Out): Promise<void> {
  const { email, from = null, to = null, out, by, reason } = options;
  if (email !== undefined && (from !== null || to !== null))
    throw new InvalidArgumentError('--email: an email is exported whole, without --from and --to');
  if (from !== null && to !== null && from >= to) throw new InvalidArgumentError('--to: is after --from');
  const wanted: Wanted = email === undefined ? { from, to } : { emailId: email };
  const { settings, tenant, signer } = open(options);
  const { url } = settings.database;
  const pool = createPool({ url, schema: 'receipts', max: 2 });
  const { vault, cipher } = await postgresVault({
    url,
    kek: await fileKeyEncryptionKey(settings.vault.keyFile),
  });
  try {
    const ready = await exportLedger({ pool, tenantId: tenant.id, signer }, wanted, new Date());
    const { count } = ready.scope;
    if (email !== undefined && count === 0) throw new Error('The ledger has nothing of such an email.');
    const store = new EventStore({ service: 'receipts', cipher });
    await noteExport({ pool, store }, tenant.id, ready, { keyId: null, by, reason });
    const pieces = Readable.from(told(ready.pieces, count, say));
    if (out !== undefined) await pipeline(pieces, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
    else for await (const piece of pieces) print(String(piece));
    say(`${count} events of ${ready.checkpoint.origin}, which has ${ready.checkpoint.size}.\n`);
  } finally {
    await vault.close();
    await pool.end();
  }
}

/** Every so many are told of. */
const STEP = 100_000;

async function* told(pieces: AsyncIterable<string>, count: number, say: Out['say']): AsyncGenerator<string> {
  let [events, next] = [0, STEP];
  for await (const piece of pieces) {
    yield piece;
    events += piece.split('\n').length - 2;
    if (events < next) continue;
    say(`${events} of ${count}\n`);
    next += STEP;
  }
}

/** Says how far it is, every so many events. */
function everySoOften(say: Out['say']): (replayed: { events: number; emails: number }) => void {
  let next = STEP;
  return ({ events, emails }) => {
    if (events < next) return;
    say(`${events} events, ${emails} emails\n`);
    next = events + STEP;
  };
}

async function verifiersIn(file: string): Promise<NoteVerifier[]> {
  const text = await readFile(file, 'utf8');
  try {
    return parseVerifierKeys(text);
  } catch (error) {
    throw new Error(`${file}: ${whyNot(error)}`, { cause: error });
  }
}

function moment(text: string): Date {
  const isZoned = /^\d{4}-\d\d-\d\d(?:T.+(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const at = new Date(text);
  if (!isZoned || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError(
      'a day (2026-01-31, of UTC), or a time with its zone (2026-01-31T08:00:00Z)',
    );
  return at;
}
