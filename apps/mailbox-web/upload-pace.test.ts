// SPDX-License-Identifier: Apache-2.0
import { LEAST_AT_ONCE, nextAtOnce, PART_SIZE } from './src/upload-pace.ts';

/** Requests of a file over a line of so many octets a second. */
const requestsOf = (size: number, pace: number) => {
  const seconds: number[] = [];
  const ends: number[] = [];
  let atOnce = LEAST_AT_ONCE;
  for (let received = 0; received < size;) {
    const octets = Math.min(atOnce, size - received);
    received += octets;
    seconds.push(octets / pace);
    ends.push(received);
    atOnce = nextAtOnce({ octets, milliseconds: (octets / pace) * 1_000, received });
  }
  return { seconds, ends };
};

it.each([5_000, 10_000, 50_000, 125_000, 1e6, 1e9])(
  'no request of an upload takes minutes, at %i octets a second',
  (pace) => {
    const { seconds } = requestsOf(6 * PART_SIZE, pace);
    expect(Math.max(...seconds)).toBeLessThan(60);
  },
);

it('a fast line is used: few requests, that end with whole parts', () => {
  const { ends } = requestsOf(100 * PART_SIZE, 10e6);
  expect(ends.length).toBeLessThan(30);
  expect(ends.slice(1).every((end) => end % PART_SIZE === 0)).toBe(true);
});

it('a line that becomes slow is noticed with the next request', () => {
  const slow = { octets: 4 * PART_SIZE, milliseconds: 400_000, received: 8 * PART_SIZE };
  expect(nextAtOnce(slow)).toBe(LEAST_AT_ONCE);
});
