// SPDX-License-Identifier: Apache-2.0
import { readFile, rename, writeFile } from 'node:fs/promises';
import { forwardingsInGraph, graphClient, isUnshown, writeMailboxList } from '@securemail/forwarding';
import { Command } from 'commander';
import type { Out } from './common.ts';

interface FetchOptions {
  directory: string;
  client: string;
  secretFile: string;
  loginUrl?: string;
  graphUrl?: string;
  out: string;
}

/** `securemail forwardings`: which own mailboxes send their mail on by themselves, for `forwardingFiles`. */
export function forwardings({ print, say }: Out): Command {
  const command = new Command('forwardings')
    .description('which own mailboxes send their mail on by themselves, for forwardingFiles')
    .showHelpAfterError();
  command
    .command('fetch')
    .description(
      'read the inbox rules of every mailbox from Microsoft Graph into a list, which guards read by themselves',
    )
    .requiredOption('--directory <id>', 'id or domain of the directory (tenant) at Microsoft')
    .requiredOption('--client <id>', 'id of the application that was registered there')
    .requiredOption('--secret-file <file>', 'its secret')
    .requiredOption('--out <file>', 'the list; one that is there is replaced once the new one is whole')
    .option('--login-url <url>', 'of a national cloud')
    .option('--graph-url <url>', 'of a national cloud')
    .action(async ({ directory, client, secretFile, loginUrl, graphUrl, out }: FetchOptions) => {
      const found = await forwardingsInGraph(
        graphClient({
          directoryId: directory,
          clientId: client,
          clientSecret: (await readFile(secretFile, 'utf8')).trim(),
          ...(loginUrl === undefined ? {} : { loginUrl }),
          ...(graphUrl === undefined ? {} : { graphUrl }),
        }),
        ({ mailboxes, without, forwarding, unshown }) => {
          const open = unshown === 0 ? '' : `, ${unshown} have rules that are not shown`;
          say(`${mailboxes} mailboxes, ${without} people without one; ${forwarding} forward${open}\n`);
        },
      );
      const unfinished = `${out}.unfinished`;
      await writeFile(unfinished, writeMailboxList(found), { mode: 0o600, flush: true });
      await rename(unfinished, out);
      const forwarding = found.filter(({ to }) => !to.every(isUnshown));
      print(`${forwarding.length} mailboxes that forward are listed in ${out}\n`);
      const unshown = found.filter(({ to }) => to.some(isUnshown));
      if (unshown.length > 0)
        print(
          [
            'Microsoft Graph does not show what some rules of these mailboxes do; they count as forwarding outside until a list of Get-InboxRule shows them:',
            ...unshown.map(({ mailbox }) => `  ${mailbox}`),
            '',
          ].join('\n'),
        );
    });
  return command;
}
