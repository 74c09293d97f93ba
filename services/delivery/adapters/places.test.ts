// SPDX-License-Identifier: Apache-2.0
import { Places } from './places.ts';

it('a place is free again where its attempt waits long to be greeted, or has ended', () => {
  let now = 0;
  const places = new Places(2, () => now);
  const [silent, busy] = [places.take('outside'), places.take('outside')];
  busy.greeted();
  expect(places.free('outside')).toBe(0);
  expect(places.free('own')).toBe(2);
  now = 2_001;
  expect(places.free('outside')).toBe(1);
  silent.greeted();
  expect(places.free('outside')).toBe(0);
  busy.leave();
  expect(places.free('outside')).toBe(1);
});

it('those that wait are not more than ten for each place', () => {
  let now = 0;
  const places = new Places(2, () => now);
  for (let taken = 0; taken < 20; taken += 1) {
    places.take('outside');
    now += 2_001;
  }
  expect(places.free('outside')).toBe(0);
  expect(places.free('own')).toBe(2);
});
