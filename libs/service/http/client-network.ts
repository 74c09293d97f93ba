// SPDX-License-Identifier: Apache-2.0
import ipaddr from 'ipaddr.js';

/**
 * What is counted as one client: of IPv6 the /64 that it chooses its addresses from, or the /48 that an owner is given
 * at most without asking for more; of IPv4 as much as `ipv4Prefix` says.
 * An IPv4 address that came over IPv6 counts as IPv4; all that is no address is one.
 */
export function clientNetwork(address: string, ipv4Prefix: 24 | 32, ipv6Prefix: 48 | 64 = 64): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  const prefix = parsed.kind() === 'ipv4' ? ipv4Prefix : ipv6Prefix;
  const octets = parsed.toByteArray().fill(0, prefix / 8);
  return `${ipaddr.fromByteArray(octets).toString()}/${prefix}`;
}
