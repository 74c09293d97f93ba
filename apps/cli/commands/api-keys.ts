// SPDX-License-Identifier: Apache-2.0
import { API_SCOPES, ApiKeySettings, createApiKey, DEFAULT_API_SCOPES } from '@securemail/service';
import { Command, InvalidArgumentError, Option } from 'commander';

const scopeOption = () =>
  new Option(
    '--scope <scope...>',
    'what the key may do: hand in mail as its senders; read every email of the organisation, subjects and all, whoever sent it; decide about held mail; change the organisation’s certificates of others and its settings',
  )
    .choices(API_SCOPES)
    .default([...DEFAULT_API_SCOPES]);

/** `securemail api-keys`: makes keys, and keeps none. */
export function apiKeys(print: (text: string) => void): Command {
  const command = new Command('api-keys').description('API keys').showHelpAfterError();
  command
    .command('create <id>')
    .description('make a key: it is shown once, its digest goes into the configuration')
    .requiredOption('--sender <address...>', 'whom the key may send as: an address, or "*@domain"')
    .addOption(scopeOption())
    .action((id: string, { sender, scope }: { sender: string[]; scope: string[] }) => {
      const { key, sha256 } = createApiKey(id);
      const settings = { id, sha256, senders: sender, scopes: [...new Set(scope)] };
      const read = ApiKeySettings.safeParse(settings);
      if (!read.success) {
        const [fault] = read.error.issues;
        throw new InvalidArgumentError(`${fault?.path.join('.') ?? ''}: ${fault?.message ?? ''} is wanted`);
      }
      print(
        `${key}\n\nInto the tenant's apiKeys:\n  - ${JSON.stringify({ ...settings, senders: read.data.senders })}\n`,
      );
    });
  return command;
}
