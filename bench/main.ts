// SPDX-License-Identifier: Apache-2.0
import { Command, Option } from 'commander';
import type { CheckOptions } from './check/check.ts';
import type { ConsoleOptions } from './console/console.ts';
import type { FlowOptions } from './flow/flow.ts';
import type { PagesOptions } from './pages/pages.ts';
import type { MailboxOptions } from './mailbox/mailbox.ts';
import type { InboundOptions } from './inbound/inbound.ts';
import type { ReplayOptions } from './replay/replay.ts';
import type { RestoreOptions } from './restore/restore.ts';
import { numbers, whole } from './numbers.ts';
import { positive } from './positive.ts';
import { smimeCommand } from './smime/command.ts';

const program = new Command('bench')
  .description('Measures; compares within one run; says how.')
  .showHelpAfterError();

program
  .command('flow')
  .description('mails handed in at a fixed rate: accepted-to-sent, CPU and memory, over both event logs')
  .option('--rate <mails>', 'mails a second', positive, 50)
  .option('--seconds <seconds>', 'how long', positive, 20)
  .option('--bytes <bytes>', 'octets of text in each mail', positive, 20_000)
  .addOption(
    new Option('--bus <kind...>', 'which event logs')
      .choices(['postgres', 'kafka'])
      .default(['postgres', 'kafka']),
  )
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: FlowOptions) => {
    // Only what is measured is loaded: what a heap holds makes each collection of garbage longer.
    const { flow } = await import('./flow/flow.ts');
    await flow(options);
  });

program
  .command('check')
  .description(
    'how long POST /v1/recipients/check takes from a warm cache, against the cheapest request there is',
  )
  .option('--requests <count>', 'how many that count', positive, 300)
  .addOption(numbers('--recipients <count...>', 'addresses in a request', 100, [1, 10, 100]))
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: CheckOptions) => {
    const { check } = await import('./check/check.ts');
    await check(options);
  });

program
  .command('inbound')
  .description(
    'how long a signed and encrypted mail takes to open, its Signature certificate and all, against openssl',
  )
  .option('--rounds <count>', 'how many that count', positive, 30)
  .addOption(
    numbers('--bytes <bytes...>', 'octets of text in the mail', 100_000_000, [10_000, 1_000_000, 10_000_000]),
  )
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: InboundOptions) => {
    const { inbound } = await import('./inbound/inbound.ts');
    await inbound(options);
  });

program
  .command('mailbox')
  .description(
    'how long people wait for a page of SecureMailBox while others read, against the cheapest request there is',
  )
  .option('--readers <count>', 'people who are signed in', positive, 500)
  .option('--seconds <seconds>', 'how long they read', positive, 30)
  .option('--think <seconds>', 'from one page of somebody to his next', positive, 5)
  .option('--bytes <bytes>', 'octets of text in the message of each', positive, 5_000)
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: MailboxOptions) => {
    const { mailbox } = await import('./mailbox/mailbox.ts');
    await mailbox(options);
  });

program
  .command('console')
  .description(
    'how long the pages of the console wait for each answer, with a million emails, against the cheapest request there is',
  )
  .option('--emails <count>', 'how many there are', positive, 1_000_000)
  .option('--rounds <count>', 'how often everything is asked', positive, 30)
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: ConsoleOptions) => {
    const { consoleBench } = await import('./console/console.ts');
    await consoleBench(options);
  });

program
  .command('replay')
  .description(
    'how many events a second the ledger takes, replays, exports and verifies, against reading them and nothing else',
  )
  .option('--events <count>', 'how many there are', positive, 100_000)
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: ReplayOptions) => {
    const { replayBench } = await import('./replay/replay.ts');
    await replayBench(options);
  });

program
  .command('restore')
  .description(
    'how many emails a second are erased, and how long a gateway takes to catch up after a restore, against deleting a row, and reading the same events and nothing else',
  )
  .option('--emails <count>', 'how many are sent, and erased', (text) => whole(text, 1_000_000), 500)
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: RestoreOptions) => {
    const { restoreBench } = await import('./restore/restore.ts');
    await restoreBench(options);
  });

program
  .command('pages')
  .description(
    'what Lighthouse says of the pages of SecureMailBox that are seen first; fetches Lighthouse, needs Chromium',
  )
  .option('--runs <count>', 'how often each is looked at', positive, 3)
  .option('--json', 'one line of JSON, last', false)
  .action(async (options: PagesOptions) => {
    const { pages } = await import('./pages/pages.ts');
    await pages(options);
  });

program.addCommand(smimeCommand());

await program.parseAsync();
