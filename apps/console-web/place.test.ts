// SPDX-License-Identifier: Apache-2.0
import { placeToKeep } from './src/parts/place.ts';

it.each([
  ['the page that he came for', '/console/emails/1', '?a=b', null, '/emails/1?a=b'],
  [
    'the same after the provider refused him once',
    '/console/sign-in',
    '?refused=ended',
    '/emails/1',
    '/emails/1',
  ],
  ['the first page, where he came for no other', '/console/', '', '/emails/1', null],
  ['the first page, where he came to sign in', '/console/sign-in', '', '/emails/1', null],
])('who signs in comes to %s', (_, pathname, search, before, place) => {
  expect(placeToKeep({ pathname, search }, before)).toBe(place);
});
