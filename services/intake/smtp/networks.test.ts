// SPDX-License-Identifier: Apache-2.0
import { inNetworks } from './networks.ts';

it('knows what lies in a network', () => {
  const trusted = inNetworks(['192.0.2.0/28', '198.51.100.9', '2001:db8::/32']);
  const all = ['192.0.2.15', '::ffff:192.0.2.1', '198.51.100.9', '2001:db8:9::1'];
  expect(all.map(trusted)).toEqual([true, true, true, true]);
  expect(['192.0.2.16', '198.51.100.8', '2001:db9::1', 'x', ''].map(trusted)).not.toContain(true);
});
