// SPDX-License-Identifier: Apache-2.0
import { startDnsServer, type DnsRecord } from '@securemail/testing';
import { systemResolver } from './dns/system-resolver.ts';
import { mailServersOf } from './mail-servers.ts';

const dns = await startDnsServer();
afterAll(() => dns.stop());
const resolver = systemResolver({ servers: [`127.0.0.1:${dns.port}`], timeoutMs: 500, tries: 1 });

async function hostsBy(...exchanges: [string, number][]): Promise<string[]> {
  dns.serve({
    records: exchanges.map(([exchange, preference]): DnsRecord => ({
      type: 'MX',
      name: 'citizen.example',
      data: { exchange, preference },
    })),
  });
  const found = await mailServersOf('citizen.example', resolver);
  return found.kind === 'servers' ? found.servers.map(({ host }) => host) : [];
}

it('servers are tried by preference, and equals in another order each time, so that they share the load', async () => {
  const orders = await Promise.all(
    Array.from({ length: 100 }, () => hostsBy(['last', 30], ['a', 10], ['b', 10], ['c', 10])),
  );
  expect(new Set(orders.map(([first]) => first))).toEqual(new Set(['a', 'b', 'c']));
  expect(new Set(orders.map((hosts) => hosts.at(-1)))).toEqual(new Set(['last']));
});

it('servers are those with a name: an empty one beside others is nobody, and surely not this machine', async () => {
  expect(await hostsBy(['.', 5], ['mail', 10])).toEqual(['mail']);
  expect(await hostsBy(['not a host', 5], ['mail', 10])).toEqual(['mail']);
});

it('a domain with an address of one family takes mail where the other one can not be looked up', async () => {
  dns.serve({ records: [{ type: 'AAAA', name: 'citizen.example', data: '2001:db8::1' }] });
  const half = {
    ...resolver,
    query: (name: string, type: 'A' | 'AAAA') =>
      type === 'A' ? Promise.reject(new Error('no answer')) : resolver.query(name, type),
  } as typeof resolver;
  expect(await mailServersOf('citizen.example', half)).toMatchObject({
    servers: [{ host: 'citizen.example' }],
  });
});
