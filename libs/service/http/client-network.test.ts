// SPDX-License-Identifier: Apache-2.0
import { clientNetwork } from './client-network.ts';

it.each([
  ['192.0.2.77', 24, '192.0.2.0/24'],
  ['::ffff:192.0.2.77', 24, '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', 24, '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', 24, '2001:db8:1:2::/64'],
  ['192.0.2.77', 32, '192.0.2.77/32'],
  ['::ffff:192.0.2.77', 32, '192.0.2.77/32'],
  ['2001:0DB8:1:2::9', 32, '2001:db8:1:2::/64'],
  ['x', 32, 'unknown'],
  ['', 24, 'unknown'],
] as const)('%s, by /%s of IPv4, is counted with all of %s', (address, ipv4Prefix, network) => {
  expect(clientNetwork(address, ipv4Prefix)).toBe(network);
});
