// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadConfig } from '@securemail/config';
import type { EmailId, TenantId } from '@securemail/contracts';
import { eventIn, verifyFile } from '@securemail/ledger';
import {
  countEndedBefore,
  eraseEmail,
  keptSince,
  liftHold,
  listHolds,
  openFindKeys,
  placeHold,
  ReceiptsServiceSettings,
  soughtAddress,
  wordsOf,
  type Covered,
  type Erased,
  type Erasing,
} from '@securemail/receipts';
import { Command, InvalidArgumentError } from 'commander';
import { configOption, type Common, type OutOrNo, type Written } from './common.ts';
import { emailId } from './email-id.ts';
import { holdLine, outcomeLine } from './retention-text.ts';
import { theTenant } from './the-tenant.ts';
import { verifiersIn } from './verifiers-in.ts';
import { withReceipts } from './with-receipts.ts';

interface EraseOptions extends Written {
  email: readonly EmailId[];
  recordedIn?: string;
  key: readonly string[];
  dryRun: boolean;
}
interface HoldOptions extends Written {
  email?: EmailId;
  address?: string;
  everything: boolean;
}

const MOST_LISTED = 10_000;

/** `securemail retention`: erases emails, and forbids that they are erased. */
export function retention({ print, say, fail }: OutOrNo): Command {
  const command = new Command('retention')
    .description('how long emails are kept: erases them, and keeps what a legal hold covers')
    .showHelpAfterError();
  const about = (each: Command) =>
    each
      .addOption(configOption())
      .option('--tenant <id>', 'whose emails; not needed where there is one organisation only')
      .option('--json', 'as one line of JSON', false);
  const change = (each: Command) =>
    about(each)
      .requiredOption('--by <name>', 'who does it, for the history')
      .requiredOption('--reason <text>', 'why, for the history');

  about(command.command('show'))
    .description('how long emails are kept, and how many are erased next; nothing is done')
    .action(async (options: Common) => {
      await withErasing(options, async (erasing, tenantId, keepDays) => {
        const due =
          keepDays === null
            ? 0
            : await countEndedBefore(erasing.pool, tenantId, keptSince(new Date(), keepDays), MOST_LISTED);
        const page = { tenantId, lifted: false, after: null, limit: MOST_LISTED };
        const legalHolds = (await listHolds(erasing.pool, page)).length;
        if (options.json) print(`${JSON.stringify({ keepDays, due, legalHolds })}\n`);
        else {
          print(
            keepDays === null
              ? 'Emails are kept until somebody erases them.\n'
              : `Kept for ${keepDays} days.\n`,
          );
          print(`${due} emails are erased next. ${legalHolds} legal holds.\n`);
        }
      });
    });

  change(command.command('erase'))
    .description(
      'destroy the content of emails, and what names people in their history; nothing brings it back',
    )
    .option('--email <id>', 'one of them; as often as need be', collect(emailId), [])
    .option(
      '--recorded-in <file>',
      'those that were erased by what an export of the ledger says: after an older backup was restored',
    )
    .option('--key <file>', 'by which that file is verified first', collect(String), [])
    .option('--dry-run', 'only say what would be done', false)
    .action(async (options: Common & EraseOptions) => {
      const emailIds = [...new Set([...options.email, ...(await recordedIn(options))])];
      if (emailIds.length === 0)
        throw new InvalidArgumentError('--email, or --recorded-in: nothing says what is to be erased');
      const { by, reason, dryRun: isDryRun, json } = options;
      await withErasing(options, async (erasing, tenantId) => {
        const outcomes: { emailId: EmailId; outcome: Erased['outcome'] }[] = [];
        for (const [index, each] of emailIds.entries()) {
          const erased = await eraseEmail(
            erasing,
            { tenantId, emailId: each },
            { by, reason, keyId: null },
            { now: new Date(), isDryRun },
          );
          outcomes.push({ emailId: each, outcome: erased.outcome });
          if (!json) print(outcomeLine(each, erased, isDryRun));
          if ((index + 1) % 1_000 === 0) say(`${index + 1} of ${emailIds.length}\n`);
        }
        if (json) print(`${JSON.stringify(outcomes)}\n`);
        const done = ['erased', 'erased-before', 'erasable'];
        if (!outcomes.every(({ outcome }) => done.includes(outcome))) fail();
      });
    });

  change(command.command('hold'))
    .description('forbid that anything is erased which this covers, also what is yet to come')
    .option('--email <id>', 'this email', emailId)
    .option('--address <address>', 'all emails from or to this address, or "@" and a domain')
    .option('--everything', 'all emails of the organisation', false)
    .action(async (options: Common & HoldOptions) => {
      const covered = coveredBy(options);
      const { by, reason, json } = options;
      await withErasing(options, async (erasing, tenantId) => {
        const words = { by, reason, keyId: null };
        const hold = await placeHold(erasing, tenantId, covered, words, new Date());
        if (hold === null) throw new InvalidArgumentError('--email: there is no such email');
        print(json ? `${JSON.stringify(hold)}\n` : `Legal hold ${hold.holdId} holds.\n`);
      });
    });

  change(command.command('lift').argument('<id>', 'of the legal hold', emailId))
    .description('what this legal hold covered may be erased again')
    .action(async (holdId: EmailId, options: Common & Written) => {
      const { by, reason, json } = options;
      await withErasing(options, async (erasing, tenantId) => {
        const words = { by, reason, keyId: null };
        const lifted = await liftHold(erasing, tenantId, holdId, words, new Date());
        if (lifted === null) throw new InvalidArgumentError('there is no such legal hold');
        print(json ? `${JSON.stringify(lifted.hold)}\n` : `Legal hold ${holdId} holds no more.\n`);
      });
    });

  about(command.command('holds'))
    .description('legal holds, oldest first')
    .option('--lifted', 'with those that hold no more', false)
    .action(async (options: Common & { lifted: boolean }) => {
      await withErasing(options, async (erasing, tenantId) => {
        const page = { tenantId, lifted: options.lifted, after: null, limit: MOST_LISTED };
        const holds = await Promise.all(
          (await listHolds(erasing.pool, page)).map(async (hold) => ({
            ...hold,
            ...(await wordsOf(erasing, hold.holdId)),
          })),
        );
        if (options.json) print(`${JSON.stringify(holds)}\n`);
        else print(holds.length === 0 ? 'No legal holds.\n' : holds.map(holdLine).join(''));
      });
    });
  return command;
}

const collect =
  <T>(read: (text: string) => T) =>
  (text: string, others: readonly T[]): T[] => [...others, read(text)];

function coveredBy({ email, address, everything }: HoldOptions): Covered {
  const named = [email, address, everything ? everything : undefined].filter((each) => each !== undefined);
  if (named.length !== 1)
    throw new InvalidArgumentError('one of --email, --address and --everything says what it covers');
  if (email !== undefined) return { emailId: email };
  if (address === undefined) return 'everything';
  const sought = soughtAddress(address.trim());
  if (sought === null) throw new InvalidArgumentError('--address: an address, or "@" and a domain');
  return { sought };
}

/** Of which emails a verified export says that they were erased. */
async function recordedIn({ recordedIn: file, key }: EraseOptions): Promise<EmailId[]> {
  if (file === undefined) return [];
  if (key.length === 0) throw new InvalidArgumentError('--key: by which is the file to be verified?');
  const { isVerified } = await verifyFile(createReadStream(file), await verifiersIn(key));
  if (!isVerified)
    throw new Error(
      `${file}: is not what the ledger exported; \`audit verify\` says why. Nothing was erased.`,
    );
  const erased: EmailId[] = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    // Tiles are long, and hold no event.
    if (line.startsWith('{"tile":') || !line.includes('ContentErased')) continue;
    const { event } = eventIn(line);
    if (event.name === 'ContentErased') erased.push(event.emailId);
  }
  return erased;
}

async function withErasing(
  { config, tenant: wanted }: Pick<Common, 'config' | 'tenant'>,
  work: (erasing: Erasing, tenantId: TenantId, keepDays: number | null) => Promise<void>,
): Promise<void> {
  const settings = loadConfig({ schema: ReceiptsServiceSettings, path: config });
  const { id: tenantId, retention: kept } = theTenant(settings.tenants, wanted);
  await withReceipts(settings, async ({ pool, store, vault, kek }) => {
    await work({ pool, store, vault, digestOf: openFindKeys({ pool, kek }) }, tenantId, kept.keepDays);
  });
}
