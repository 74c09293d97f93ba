// SPDX-License-Identifier: Apache-2.0
import { Command, Option } from 'commander';
import type { FlowOptions } from './flow/flow.ts';
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

program.addCommand(smimeCommand());

await program.parseAsync();
