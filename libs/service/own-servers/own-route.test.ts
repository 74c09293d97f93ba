// SPDX-License-Identifier: Apache-2.0
import { Address } from '@securemail/contracts';
import { MailRoute } from '../settings/tenant.ts';
import { ownRouteOf } from './own-route.ts';

const servers = [{ host: 'mail.demo.example' }];
const mailRoutes = [
  { name: 'cloud', domains: ['cloud.demo.example'], servers },
  { name: 'ward', mailboxesFile: '/ward', servers },
  { name: 'old', domains: ['old.demo.example'], mailboxesFile: '/old', servers },
].map((route) => MailRoute.parse(route));
const lists = new Map([
  ['ward', new Set(['ulla@demo.example', 'ib@cloud.demo.example'])],
  ['old', new Set(['eva@demo.example'])],
]);

it.each([
  ['Ulla@Demo.Example', 'ward'],
  ['ib@cloud.demo.example', 'ward'],
  ['eva@demo.example', 'old'],
  ['Eva+news@demo.example', 'old'],
  ['anybody@old.demo.example', 'old'],
  ['anybody@cloud.demo.example', 'cloud'],
  ['anybody@demo.example', null],
  ['anybody@sub.cloud.demo.example', null],
])('the mailbox %s is at the servers of the route %s', (address, route) => {
  expect(ownRouteOf(Address.parse(address), { mailRoutes }, lists)).toBe(route);
});
