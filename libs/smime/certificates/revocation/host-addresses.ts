// SPDX-License-Identifier: Apache-2.0
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';

const HOSTS_FILE = '/etc/hosts';

/**
 * The addresses of a host whose name a stranger may have chosen: by the hosts file, else by DNS as the system is set up; a
 * name is taken to be whole. Our own, for `dns.lookup` can't be called off, and has two threads for all names that the
 * process asks for: names that nobody answers for would keep it from its own database.
 *
 * @throws Error where there is none, or `signal` says that it took too long.
 */
export async function addressesOfHost(host: string, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted();
  const known = addressesIn(await readFile(HOSTS_FILE, 'utf8').catch(() => ''), host);
  if (known.length > 0) return known;
  const resolver = new Resolver();
  const cancel = () => {
    resolver.cancel();
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    signal.throwIfAborted();
    const found = [four, six].flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    if (found.length === 0) throw new Error('the host has no address');
    return found;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/**
 * For a request to a host whose addresses are known and judged: it connects to these, one after the other until one
 * answers, and to no other that DNS may give next.
 */
export function lookingUp(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all }, done) => {
    const [first] = found;
    if (all === true) done(null, [...found]);
    else done(null, first?.address ?? '', first?.family);
  };
}

/** hosts(5); `localhost` is this machine, whatever stands there (RFC 6761 §6.3). */
export function addressesIn(hostsFile: string, host: string): string[] {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  if (wanted === 'localhost') return ['127.0.0.1', '::1'];
  return hostsFile.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return names.some((name) => name.toLowerCase() === wanted) ? [address] : [];
  });
}
