// SPDX-License-Identifier: Apache-2.0
import { uncertified } from './uncertified.ts';

it('an organisation that wants certificates has a key for each domain that it sends from, or is named', () => {
  const organisations = [
    { id: 'signs', domains: ['b.example'], wanted: 'always' },
    { id: 'signs-for-one', domains: ['a.example', 'b.example'], wanted: 'always' },
    { id: 'receives', domains: ['a.example', 'b.example'], wanted: 'received' },
    { id: 'keyless', domains: ['c.example'], wanted: 'received' },
    { id: 'wants-none', domains: ['d.example'], wanted: 'never' },
  ] as const;
  expect(uncertified(organisations, (domain) => domain === 'b.example')).toEqual([
    'signs-for-one',
    'keyless',
  ]);
});
