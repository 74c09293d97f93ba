// SPDX-License-Identifier: Apache-2.0
import { reportPlaces } from './tlsrpt-record.ts';

const mailto = (address: string) => ({ kind: 'mailto', address });
const https = (url: string) => ({ kind: 'https', url });

it.each<[string, string[], object[] | null]>([
  ['a mailbox', ['v=TLSRPTv1; rua=mailto:tls@a.example'], [mailto('tls@a.example')]],
  ['a host, and no space', ['v=TLSRPTv1;rua=https://a.example/v1/tls;'], [https('https://a.example/v1/tls')]],
  [
    'several places',
    ['v=TLSRPTv1; rua=mailto:tls@a.example, https://a.example/'],
    [mailto('tls@a.example'), https('https://a.example/')],
  ],
  ['what is percent-encoded', ['v=TLSRPTv1; rua=mailto:a%21b%2Cc@a.example'], [mailto('a!b,c@a.example')]],
  ['a field that nobody knows', ['v=TLSRPTv1; x=1; rua=mailto:a@b.example'], [mailto('a@b.example')]],
  ['other records beside it', ['other', 'v=TLSRPTv1; rua=mailto:a@b.example'], [mailto('a@b.example')]],
  [
    'another scheme beside it',
    ['v=TLSRPTv1; rua=http://a.example,mailto:a@b.example'],
    [mailto('a@b.example')],
  ],
  ['no record', [], null],
  ['two records', ['v=TLSRPTv1; rua=mailto:a@b.example', 'v=TLSRPTv1; rua=mailto:c@b.example'], null],
  ['the version not first', ['rua=mailto:a@b.example; v=TLSRPTv1;'], null],
  ['another version', ['v=TLSRPTv2; rua=mailto:a@b.example'], null],
  ['nowhere to go', ['v=TLSRPTv1;'], null],
  ['a bare exclamation mark', ['v=TLSRPTv1; rua=mailto:a@b.example!10m'], null],
  ['a broken escape', ['v=TLSRPTv1; rua=mailto:%ff@b.example'], null],
  ['a password in it', ['v=TLSRPTv1; rua=https://a:b@c.example/'], null],
  ['no URI', ['v=TLSRPTv1; rua=tls@a.example'], null],
])('%s', (_, texts, expected) => {
  expect(reportPlaces(texts)).toEqual(expected);
});

it('a domain has us write to five places at most', () => {
  const rua = Array.from({ length: 9 }, (_, index) => `mailto:tls${index}@a.example`).join(',');
  expect(reportPlaces([`v=TLSRPTv1; rua=${rua}`])).toHaveLength(5);
});
