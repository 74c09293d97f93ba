// SPDX-License-Identifier: Apache-2.0
import { addressesIn, addressesOfHost } from './host-addresses.ts';

const HOSTS = [
  '127.0.0.1 localhost',
  '10.1.2.3\tReceiver.internal receiver # the old one',
  '#10.9.9.9 gone.internal',
  '2001:db8::1 receiver.internal',
  '',
].join('\n');

it.each([
  ['receiver.internal', ['10.1.2.3', '2001:db8::1']],
  ['RECEIVER', ['10.1.2.3']],
  ['receiver.internal.', ['10.1.2.3', '2001:db8::1']],
  ['old', []],
  ['gone.internal', []],
  ['localhost', ['127.0.0.1', '::1']],
])('of the hosts file %s has %j', (host, addresses) => {
  expect(addressesIn(HOSTS, host)).toEqual(addresses);
});

it('says so where there is none, and when it took too long', async () => {
  await expect(addressesOfHost('nobody.invalid', AbortSignal.timeout(20_000))).rejects.toThrow();
  await expect(addressesOfHost('nobody.invalid', AbortSignal.abort())).rejects.toThrow();
});
