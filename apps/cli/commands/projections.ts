// SPDX-License-Identifier: Apache-2.0
import { loadConfig } from '@securemail/config';
import type { Pool } from '@securemail/event-store';
import {
  notInLedger,
  rebuildEmails,
  ReceiptsServiceSettings,
  remindAfterHoursOf,
  restoreHistory,
  UnrecordedError,
  type Restored,
} from '@securemail/receipts';
import { openPolicies } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { Command, InvalidArgumentError, Option } from 'commander';
import { configOption, type OutOrNo } from './common.ts';
import { restoredText, unrecordedText } from './projections-text.ts';
import { withReceipts } from './with-receipts.ts';

const STEP = 10_000;

interface Options {
  config: string;
  fromLedger: boolean;
  unrecorded?: 'keep' | 'delete';
  dryRun: boolean;
  json: boolean;
}

/** `securemail projections`: what is shown of emails follows from their events, and can be made of them anew. */
export function projections({ print, say, fail }: OutOrNo): Command {
  const command = new Command('projections')
    .description('what the console and the API go by, which follows from events')
    .showHelpAfterError();
  command
    .command('rebuild')
    .description(
      'make it anew beside the one in use, while everything goes on, and switch at the end; of all organisations',
    )
    .addOption(configOption())
    .option(
      '--from-ledger',
      'and before that what receipts has heard, from what the ledger has: where that was changed',
      false,
    )
    .addOption(
      new Option(
        '--unrecorded <what>',
        'with --from-ledger: what becomes of what was heard and is not in the ledger, which may only be behind; without, nothing is done where there is any',
      ).choices(['keep', 'delete']),
    )
    .option('--dry-run', 'with --from-ledger: say what is not in the ledger, and do nothing', false)
    .option('--json', 'what came out as one line of JSON', false)
    .action(async (options: Options) => {
      const { config, fromLedger, dryRun, json } = options;
      if (!fromLedger && (dryRun || options.unrecorded !== undefined))
        throw new InvalidArgumentError('--unrecorded, --dry-run: are of --from-ledger');
      const settings = loadConfig({ schema: ReceiptsServiceSettings, path: config });
      await withReceipts(settings, async ({ pool, store }) => {
        if (dryRun) {
          const unrecorded = await notInLedger(pool);
          print(json ? `${JSON.stringify({ unrecorded })}\n` : unrecordedText(unrecorded));
          return;
        }
        const tenants = new Map(settings.tenants.map((tenant) => [tenant.id, tenant]));
        const policies = await openPolicies({ pool, tenants, logger: createLogger('receipts') });
        try {
          const restored = fromLedger ? await restore(pool, options, say) : null;
          const emails = await rebuildEmails(pool, {
            remindAfterHours: remindAfterHoursOf({ tenants, policies, store }),
            progressed: everySoOften(say, 'emails'),
          });
          print(
            json
              ? `${JSON.stringify({ emails, ...restored })}\n`
              : `${restored === null ? '' : restoredText(restored)}${emails} emails were made anew, and are shown now.\n`,
          );
          if (restored !== null && restored.unreadableCount > 0) fail();
        } finally {
          await policies.close();
        }
      });
    });
  return command;
}

async function restore(
  pool: Pool,
  { unrecorded }: Pick<Options, 'unrecorded'>,
  say: OutOrNo['say'],
): Promise<Restored> {
  try {
    return await restoreHistory(pool, {
      progressed: everySoOften(say, 'events'),
      unrecorded: unrecorded ?? 'refuse',
    });
  } catch (error) {
    if (!(error instanceof UnrecordedError)) throw error;
    throw new Error(`${unrecordedText(error.unrecorded)}Nothing was done.`, { cause: error });
  }
}

/** Says how far it is, every so many of them. */
function everySoOften(say: OutOrNo['say'], what: string): (done: number) => void {
  let next = STEP;
  return (done) => {
    if (done < next) return;
    say(`${done} ${what}\n`);
    next = done + STEP;
  };
}
