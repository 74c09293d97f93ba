// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dns } from './adapters/mail-hosts.ts';
import { ownMailServers, serversOf } from './adapters/routes.ts';

const DOMAIN = 'citizen.example';
type Answer = unknown[] | 'ENOTFOUND' | 'ENODATA' | 'ESERVFAIL';

/** A DNS that says this of the domain. */
function dns(mx: Answer, v6: Answer = 'ENODATA', v4: Answer = 'ENODATA'): Dns {
  const answer = (what: Answer): Promise<never[]> =>
    typeof what === 'string'
      ? Promise.reject(Object.assign(new Error(what), { code: what }))
      : Promise.resolve(what as never[]);
  return { mx: () => answer(mx), addresses: () => [answer(v6), answer(v4)] };
}

const mx = (exchange: string, priority: number) => ({ exchange, priority });

async function hostsBy(answers: Dns): Promise<string[]> {
  const routed = await serversOf(DOMAIN, [], answers);
  return routed.kind === 'hops' ? routed.hops.map(({ host }) => host) : [];
}

describe('the mail servers of a domain', () => {
  it('are tried by priority, and equals in another order each time, so that they share the load', async () => {
    const answers = dns([mx('last', 30), mx('a', 10), mx('b', 10), mx('c', 10)]);
    const orders = await Promise.all(Array.from({ length: 200 }, () => hostsBy(answers)));
    expect(new Set(orders.map(([first]) => first))).toEqual(new Set(['a', 'b', 'c']));
    expect(new Set(orders.map((hosts) => hosts.at(-1)))).toEqual(new Set(['last']));
  });

  it('are those with a name: an empty one beside others is nobody, and surely not this machine', async () => {
    expect(await hostsBy(dns([mx('', 0), mx('.', 5), mx('mail', 10)]))).toEqual(['mail']);
  });

  it.each([
    ['v6', dns('ENODATA', ['2001:db8::1'], 'ESERVFAIL')],
    ['v4', dns([], 'ENODATA', ['192.0.2.1'])],
  ])('are the domain itself where it has no MX record but an address (%s)', async (_, answers) => {
    expect(await hostsBy(answers)).toEqual([DOMAIN]);
  });

  it.each([
    ['host-not-found', true, 'the domain does not exist', dns('ENOTFOUND')],
    ['host-not-found', true, 'it has neither MX nor address', dns('ENODATA')],
    ['null-mx', true, 'it takes no mail', dns([mx('', 0)])],
    ['dns-failed', false, 'MX can not be looked up', dns('ESERVFAIL')],
    ['dns-failed', false, 'an address can not be looked up', dns('ENODATA', 'ENODATA', 'ESERVFAIL')],
  ] as const)('%s, for good: %s, where %s', async (failure, permanent, _, answers) => {
    expect(await serversOf(DOMAIN, [], answers)).toEqual({ kind: 'nowhere', permanent, failure });
  });
});

it('the authorities of an own mail server that were replaced count from then on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'routes-test-'));
  const caFile = join(folder, 'ca.pem');
  const authorities = async () => {
    const routed = await ownMailServers({ mailServers: [{ host: 'mail', port: 25, caFile }] });
    return routed.kind === 'hops' ? routed.hops.map(({ tls }) => tls) : routed.failure;
  };
  for (const ca of ['first', 'another', 'another']) {
    await writeFile(caFile, ca);
    expect(await authorities()).toEqual([{ kind: 'verified', name: 'mail', ca }]);
  }
  await rm(folder, { recursive: true });
  expect(await authorities()).toBe('authorities-unreadable');
});
