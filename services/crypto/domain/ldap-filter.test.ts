// SPDX-License-Identifier: Apache-2.0
import { ldapFilterFor } from './ldap-filter.ts';

it.each([
  ['bo@citizen.example', '(mail=bo@citizen.example)'],
  ['*@citizen.example', String.raw`(mail=\2a@citizen.example)`],
  ['x)(mail=*@citizen.example', String.raw`(mail=x\29\28mail\3d\2a@citizen.example)`],
  ['a\\2a@citizen.example', String.raw`(mail=a\5c2a@citizen.example)`],
  ['o\u0000o@citizen.example', String.raw`(mail=o\00o@citizen.example)`],
  ['a&b|c!d@citizen.example', String.raw`(mail=a\26b\7cc\21d@citizen.example)`],
  ['bø@citizen.example', String.raw`(mail=b\c3\b8@citizen.example)`],
  ['😀@citizen.example', String.raw`(mail=\f0\9f\98\80@citizen.example)`],
])('whoever has %j is asked for with a filter in which it is nothing but a value', (address, filter) => {
  expect(ldapFilterFor('mail', address)).toBe(filter);
});
