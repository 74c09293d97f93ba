// SPDX-License-Identifier: Apache-2.0
import { BlockList, isIPv6 } from 'node:net';

/** What is not reached over the internet (IANA's registries of special-purpose addresses, RFC 6890). */
const SPECIAL: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

const special = new BlockList();
for (const [network, prefix] of SPECIAL) special.addSubnet(network, prefix);

/** Of IPv6 only global unicast is public; not what carries an IPv4 address in it (6to4, Teredo), nor documentation. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
const carrying = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  carrying.addSubnet(network, prefix, 'ipv6');
}

/** @param address an IP address as text. */
export const isPublicAddress = (address: string): boolean =>
  isIPv6(address)
    ? global.check(address, 'ipv6') && !carrying.check(address, 'ipv6')
    : !special.check(address);
