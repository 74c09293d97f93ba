// SPDX-License-Identifier: Apache-2.0
import { ApiKeySettings, authenticate, Tenant } from '@securemail/service';
import { apiKeys } from './api-keys.ts';

/** What the command prints: the key, and what it may do once its line is in the configuration. */
async function create(...options: string[]) {
  let said = '';
  const command = apiKeys((text) => (said += text)).exitOverride();
  for (const each of command.commands) each.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(['create', 'anna', '--sender', 'anna@demo.example', ...options], { from: 'user' });
  const [key = ''] = said.split('\n');
  const settings = ApiKeySettings.parse(JSON.parse(said.slice(said.indexOf('{'))));
  const tenant = Tenant.parse({
    id: 'demo',
    name: 'Demo',
    domains: ['demo.example'],
    mailServers: [{ host: 'mail' }],
    apiKeys: [settings],
  });
  return authenticate(key, [tenant]);
}

describe('an API key', () => {
  it.each([
    [[], ['emails:send', 'emails:read']],
    [['--scope', 'emails:send'], ['emails:send']],
    [['--scope', 'admin'], ['admin']],
    [
      ['--scope', 'emails:read', 'emails:send', 'emails:read'],
      ['emails:read', 'emails:send'],
    ],
  ])('made with %j may do just that', async (options, scopes) => {
    expect(await create(...options)).toEqual({
      tenantId: 'demo',
      keyId: 'anna',
      senders: ['anna@demo.example'],
      scopes,
    });
  });

  it('is not made for a scope that nobody knows', async () => {
    await expect(create('--scope', 'emails:delete')).rejects.toThrow(/emails:send, emails:read, .*admin/);
  });
});
