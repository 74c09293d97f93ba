// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { ApiKeySettings, authenticate, maySendAs, Tenant } from '@securemail/service';
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
    domains: ['demo.example', 'xn--rd-lka.example'],
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

  it.each([
    ['*@rød.example', 'bo@xn--rd-lka.example', 'bo@xn--blbr-roah.example'],
    ['*@Rød.Example', 'BO@rød.example', 'bo@sub.rød.example'],
    ['Åse@rød.example'.normalize('NFD'), 'åse@rød.example', 'ase@rød.example'],
    ['åse@xn--rd-lka.example', 'Åse@rød.example'.normalize('NFD'), 'bo@rød.example'],
  ])('made for %s may send as %s, and not as %s', async (sender, may, mayNot) => {
    const principal = await create('--sender', sender);
    expect(principal).not.toBeNull();
    expect(maySendAs(principal!, Address.parse(may))).toBe(true);
    expect(maySendAs(principal!, Address.parse(mayNot))).toBe(false);
  });

  it.each(['*@', '*@localhost', 'bo', '*', 'bo berg@demo.example', 'bo@*.example'])(
    'is not made for the sender %j, who can be nobody',
    async (sender) => {
      await expect(create('--sender', sender)).rejects.toThrow('an address or "*@domain" is wanted');
    },
  );

  it('is not made for a scope that nobody knows', async () => {
    await expect(create('--scope', 'emails:delete')).rejects.toThrow(/emails:send, emails:read, .*admin/);
  });
});
