// SPDX-License-Identifier: Apache-2.0
import { loadConfig } from '@securemail/config';
import {
  rebuildEmails,
  ReceiptsServiceSettings,
  remindAfterHoursOf,
  restoreHistory,
} from '@securemail/receipts';
import { openPolicies } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { Command } from 'commander';
import { configOption, type Out } from './common.ts';
import { withReceipts } from './with-receipts.ts';

const STEP = 10_000;

/** `securemail projections`: what is shown of emails follows from their events, and can be made of them anew. */
export function projections({ print, say }: Out): Command {
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
    .option('--json', 'what came out as one line of JSON', false)
    .action(async ({ config, fromLedger, json }: { config: string; fromLedger: boolean; json: boolean }) => {
      const settings = loadConfig({ schema: ReceiptsServiceSettings, path: config });
      await withReceipts(settings, async ({ pool, store }) => {
        const tenants = new Map(settings.tenants.map((tenant) => [tenant.id, tenant]));
        const policies = await openPolicies({ pool, tenants, logger: createLogger('receipts') });
        try {
          const events = fromLedger
            ? await restoreHistory(pool, { progressed: everySoOften(say, 'events') })
            : null;
          const emails = await rebuildEmails(pool, {
            remindAfterHours: remindAfterHoursOf({ tenants, policies, store }),
            progressed: everySoOften(say, 'emails'),
          });
          print(
            json
              ? `${JSON.stringify({ emails, events })}\n`
              : `${events === null ? '' : `${events} events are as they were recorded. `}${emails} emails were made anew, and are shown now.\n`,
          );
        } finally {
          await policies.close();
        }
      });
    });
  return command;
}

/** Says how far it is, every so many of them. */
function everySoOften(say: Out['say'], what: string): (done: number) => void {
  let next = STEP;
  return (done) => {
    if (done < next) return;
    say(`${done} ${what}\n`);
    next = done + STEP;
  };
}
