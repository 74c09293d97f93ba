// SPDX-License-Identifier: Apache-2.0
import { httpFetcher } from './http-fetcher.ts';
import { isPublicAddress } from './public-address.ts';

it.each(['8.8.8.8', '193.0.6.139', '2a00:1450:4009::1'])('%s is asked for revocation', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fd00::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'ff02::1',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each([
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://[::1]/',
  'http://localhost/',
  'ldap://a.example/',
  'file:///etc/passwd',
])('nothing is fetched from %s', async (address) => {
  await expect(httpFetcher().fetch(address, null)).rejects.toThrow(/public host|only http/);
});
