// SPDX-License-Identifier: Apache-2.0
import { uncertified } from './uncertified.ts';

it('an organisation that wants certificates has a key for one of its domains, or is named', () => {
  const organisations = [
    { id: 'signs', domains: ['a.example', 'b.example'], wanted: 'always' },
    { id: 'keyless', domains: ['c.example'], wanted: 'received' },
    { id: 'wants-none', domains: ['d.example'], wanted: 'never' },
  ] as const;
  expect(uncertified(organisations, (domain) => domain === 'b.example')).toEqual(['keyless']);
});
