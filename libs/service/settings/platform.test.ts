// SPDX-License-Identifier: Apache-2.0
import { PlatformSettings } from './platform.ts';

const faultsWith = (...urls: string[]) =>
  PlatformSettings.safeParse({
    database: { url: 'postgres://localhost/demo' },
    vault: { keyFile: 'key' },
    tenants: urls.map((url, index) => ({
      id: `t${index}`,
      name: 'Demo',
      domains: [`t${index}.example`],
      mailServers: [{ host: 'mail.example', port: 25 }],
      mailbox: { url },
    })),
  }).error?.issues.map(({ message }) => message) ?? [];

it('two organisations have no SecureMailBox at the same place', () => {
  const twice = 'the mailbox.url "https://post.example" stands twice';
  expect(faultsWith('https://post.example', 'https://post.example')).toEqual([twice]);
  expect(faultsWith('https://one.post.example', 'https://post.example')).toEqual([]);
});
