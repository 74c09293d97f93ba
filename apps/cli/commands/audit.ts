// SPDX-License-Identifier: Apache-2.0
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadConfig } from '@securemail/config';
import type { EmailId } from '@securemail/contracts';
import { createPool } from '@securemail/event-store';
import {
  CONSISTENCY_BEGINS,
  openNote,
  parseCheckpoint,
  verifierKey,
  verifyConsistency,
  verifyFile,
  type ConsistencyVerdict,
  type NoteVerifier,
  type Verdict,
} from '@securemail/ledger';
import {
  aheadOf,
  exportLedger,
  noteExport,
  openLedgerSigner,
  proveConsistency,
  ReceiptsServiceSettings,
  replay,
  type Wanted,
} from '@securemail/receipts';
import { whyNot } from '@securemail/service';
import { Command, InvalidArgumentError } from 'commander';
import { clockAheadText, consistencyText, replayText, verdictText } from './audit-text.ts';
import { heldAgainst, noteIn } from './held-against.ts';
import { configOption, type Common, type Out, type Written } from './common.ts';
import { emailId } from './email-id.ts';
import { theTenant } from './the-tenant.ts';
import { verifiersIn } from './verifiers-in.ts';
import { withReceipts } from './with-receipts.ts';
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
        const tenantId = theTenant(settings.tenants, options.tenant).id;
        const ahead = at === null ? null : await aheadOf(pool, tenantId, at);
        if (ahead !== null)
          say(
            `WARNING: ${clockAheadText(ahead)} What was recorded since is not in what follows: replay without --at.\n`,
          );
        const replayed = await replay(pool, tenantId, {
          at,
          emailIds: email === undefined ? null : [email],
          progressed: everySoOften(say),
        });
        if (
          email !== undefined &&
          replayed.events + replayed.unreadableCount + replayed.differenceCount === 0
        ) {
          say(`The ledger has nothing of an email ${email}${at === null ? '' : ' until then'}.\n`);
          end(2);
          return;
        }
        print(options.json ? `${JSON.stringify(replayed)}\n` : replayText(replayed));
        end(replayed.differenceCount + replayed.unreadableCount === 0 ? 0 : 1);
      } finally {
        await pool.end();
      }
    });

  ofGateway(command.command('consistency'))
    .description(
      'a file that proves that the ledger begins with a checkpoint that was kept, for `verify --kept`',
    )
    .requiredOption('--kept <file>', 'the checkpoint of before, or an export or proofs that go by it')
    .option('--of <leaves>', 'of the later checkpoint, as an export has one; without, the last', leaves)
    .option('--out <file>', 'a new file; without, it is printed')
    .action(async (options: Common & { kept: string; of?: number; out?: string }) => {
      const { settings, tenant, signer } = open(options);
      const kept = openNote(await noteIn(options.kept), signer.verifiersOf(tenant.id));
      const checkpoint = kept && parseCheckpoint(kept.text);
      if (checkpoint === null) throw new Error(`${options.kept}: is no checkpoint`);
      const pool = createPool({ url: settings.database.url, schema: 'receipts', max: 2 });
      try {
        const proof = await proveConsistency(pool, tenant.id, checkpoint.size, options.of ?? null);
        if (typeof proof !== 'string') {
          const had = Math.max(checkpoint.size, options.of ?? 0);
          throw new Error(
            had > proof.size
              ? `The ledger has ${proof.size} leaves, and had ${had}: what was recorded was taken away.`
              : '--of: nothing was signed when the ledger had so many leaves',
          );
        }
        if (options.out === undefined) print(proof);
        else await writeFile(options.out, proof, { flag: 'wx' });
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
    .option('--kept <file>', 'a checkpoint that you were shown before: whether the ledger begins with it')
    .option(
      '--consistency <file>',
      'what proves that, where the file to be verified is an export or a receipt’s; as often as need be',
      (file: string, others: readonly string[]) => [...others, file],
      [],
    )
    .option('--json', 'the verdict as one line of JSON', false)
    .action(async (path: string, { key, json, ...before }: VerifyOptions) => {
      try {
        const verifiers = await verifiersIn(key);
        const { verdict, held } = await verified(path, verifiers, before);
        // Of several what is worst.
        const consistency =
          held.find(({ isVerified, isOpen }) => !isVerified && !isOpen) ??
          held.find(({ isVerified }) => !isVerified) ??
          held.at(-1) ??
          null;
        if (json)
          print(`${JSON.stringify({ ...verdict, ...(consistency === null ? {} : { consistency }) })}\n`);
        else print(`${verdict === null ? '' : verdictText(verdict)}${held.map(consistencyText).join('')}`);
        end(verdict?.isVerified !== false && consistency?.isVerified !== false ? 0 : 1);
      } catch (error) {
        say(`${whyNot(error)}\n`);
        end(2);
      }
    });
  return command;
}

interface VerifyOptions {
  key: readonly string[];
  kept?: string;
  consistency: readonly string[];
  json: boolean;
}

/** A proof of consistency is verified by itself where it is the file; else beside the file that it was given with. */
async function verified(
  path: string,
  verifiers: readonly NoteVerifier[],
  { kept: keptPath, consistency: proofPaths }: Pick<VerifyOptions, 'kept' | 'consistency'>,
): Promise<{ verdict: Verdict | null; held: readonly ConsistencyVerdict[] }> {
  const kept = keptPath === undefined ? null : await readFile(keptPath, 'utf8');
  if (kept === null && proofPaths.length > 0)
    throw new Error('--kept: with what does the ledger have to begin?');
  if (kept !== null && (await begins(path, CONSISTENCY_BEGINS))) {
    const file = await readFile(path, 'utf8');
    return { verdict: null, held: [verifyConsistency(file, verifiers, { kept, latter: null })] };
  }
  const verdict = await verifyFile(path === '-' ? process.stdin : createReadStream(path), verifiers);
  if (kept === null) return { verdict, held: [] };
  const proofs = await Promise.all(proofPaths.map((each) => readFile(each, 'utf8')));
  return { verdict, held: heldAgainst(kept, verdict.checkpoints, proofs, verifiers) };
}

async function begins(path: string, text: string): Promise<boolean> {
  if (path === '-') return false;
  for await (const piece of createReadStream(path, { end: text.length - 1 }))
    return (piece as Buffer).toString() === text;
  return false;
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
  await withReceipts(settings, async ({ pool, store }) => {
    const ready = await exportLedger({ pool, tenantId: tenant.id, signer }, wanted, new Date());
    if ('refused' in ready)
      throw new Error(
        `--to: ${clockAheadText(ready.recordedAt)} What was recorded before can not be told: export without --to.`,
      );
    const { count } = ready.scope;
    if (email !== undefined && count === 0) throw new Error('The ledger has nothing of such an email.');
    await noteExport({ pool, store }, tenant.id, ready, { keyId: null, by, reason });
    const pieces = Readable.from(told(ready.pieces, count, say));
    if (out !== undefined) await pipeline(pieces, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
    else for await (const piece of pieces) print(String(piece));
    say(`${count} events of ${ready.checkpoint.origin}, which has ${ready.checkpoint.size}.\n`);
  });
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

function moment(text: string): Date {
  const isZoned = /^\d{4}-\d\d-\d\d(?:T.+(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const at = new Date(text);
  if (!isZoned || Number.isNaN(at.getTime()))
    throw new InvalidArgumentError(
      'a day (2026-01-31, of UTC), or a time with its zone (2026-01-31T08:00:00Z)',
    );
  return at;
}

function leaves(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new InvalidArgumentError('a number of leaves');
  return count;
}
