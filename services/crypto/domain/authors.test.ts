// SPDX-License-Identifier: Apache-2.0
import { Address, type Channel } from '@securemail/contracts';
import { headerIn } from '@securemail/mime';
import { authorsOf } from './authors.ts';

const [anna, ola] = ['anna@demo.example', 'ola@demo.example'].map((each) => Address.parse(each)) as [
  Address,
  Address,
];
const authors = (from: string, channel: Channel = 'submission', ownDomains = ['demo.example']) =>
  authorsOf({
    header: headerIn(Buffer.from(`From: ${from}\r\n\r\n`)),
    mailFrom: ola,
    channel,
    ownDomains,
  });

it.each<[string, ReturnType<typeof authors>, Address, readonly Address[]]>([
  ['whom its From names', authors('Anna <anna@demo.example>'), anna, [anna]],
  ['its sender, where From names him among others', authors(`${anna}, ${ola}`), ola, [anna, ola]],
  ['its sender, where another organisation is named', authors('eve@north.example'), ola, [ola]],
  ['its sender, where another organisation is named, too', authors(`${anna}, eve@north.example`), ola, [ola]],
  ['its sender, where From has nobody', authors('nobody at all'), ola, [ola]],
  ['its sender, where a mail server brings it', authors(anna, 'relay'), ola, [ola]],
])('a mail is signed in the name of %s', (_, found, author, from) => {
  expect(found).toEqual({ author, from });
});

it('a mail whose header can not be read is of its sender', () => {
  const sent = { header: null, mailFrom: ola, channel: 'rest', ownDomains: ['demo.example'] } as const;
  expect(authorsOf(sent)).toEqual({ author: ola, from: [ola] });
});
