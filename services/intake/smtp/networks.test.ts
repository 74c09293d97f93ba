// SPDX-License-Identifier: Apache-2.0
import { clientNetwork, inNetworks } from './networks.ts';

it.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
])('%s is counted with all of %s', (address, network) => {
  expect(clientNetwork(address)).toBe(network);
});

it('knows what lies in a network', () => {
  const trusted = inNetworks(['192.0.2.0/28', '198.51.100.9', '2001:db8::/32']);
  const all = ['192.0.2.15', '::ffff:192.0.2.1', '198.51.100.9', '2001:db8:9::1'];
  expect(all.map(trusted)).toEqual([true, true, true, true]);
  expect(['192.0.2.16', '198.51.100.8', '2001:db9::1', 'x', ''].map(trusted)).not.toContain(true);
});
