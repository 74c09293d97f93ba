// SPDX-License-Identifier: Apache-2.0
import { beginSight, evolveSight, knownUntil, type Seen, type Sight } from './known-until.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

/** All is heard until so many seconds, but in these parts: until when, and where the reader is there. */
const seen = (
  until: number | null,
  behind: Record<string, [until: number | null, place: number]> = {},
): Seen => ({
  until: until === null ? null : at(until),
  behind: new Map(
    Object.entries(behind).map(([part, [heard, place]]) => [
      part,
      { until: heard === null ? null : at(heard), place: String(place) },
    ]),
  ),
});

/** Looks every ten seconds. */
function watch(sight: Sight, from: number, to: number, see: (second: number) => Seen | null): Sight {
  let watched = sight;
  for (let second = from; second <= to; second += 10) watched = evolveSight(watched, see(second), at(second));
  return watched;
}

it('judges nothing before it knows until when all was heard', () => {
  const begun = beginSight(at(0));
  expect(knownUntil(begun, at(1))).toBeNull();
  const behind = watch(begun, 10, 290, (second) => seen(second, { delivery: [null, second] }));
  expect(knownUntil(behind, at(290))).toBeNull();
  const there = evolveSight(behind, seen(299), at(300));
  expect(knownUntil(there, at(300))).toEqual(at(299));
});

it('waits for as long as hearing gets on', () => {
  const sight = watch(beginSight(at(0)), 0, 3_600, (second) => seen(second, { delivery: [-1, second] }));
  expect(knownUntil(sight, at(3_600))).toEqual(at(-1));
});

it.each<[string, (second: number) => Seen | null]>([
  [
    'in one part, whatever others do',
    (second) => seen(second, { delivery: [-1, 7], crypto: [second - 1, second] }),
  ],
  ['of which nothing can be seen', () => null],
])('judges by the clock after five minutes in which nothing gets on %s', (_, see) => {
  const begun = evolveSight(beginSight(at(0)), seen(-1, { delivery: [-1, 7] }), at(0));
  const before = watch(begun, 10, 300, see);
  expect(knownUntil(before, at(300))).toEqual(at(-1));
  const after = watch(before, 310, 320, see);
  expect(knownUntil(after, at(320))?.getTime()).toBeGreaterThanOrEqual(at(319).getTime());
});

it('judges by what gets on where another part stands still', () => {
  const sight = watch(beginSight(at(0)), 0, 900, (second) =>
    seen(second, { delivery: [-1, 7], crypto: [second - 200, second] }),
  );
  expect(knownUntil(sight, at(900))).toEqual(at(700));
});

it('reads on first where it stood still itself: what it did not look at is nothing that others did not do', () => {
  const mail = { delivery: [-1, 7] as [number, number] };
  const before = watch(beginSight(at(0)), 0, 60, (second) => seen(second, mail));
  // Stopped for an hour, and what is seen first is as it was.
  const after = evolveSight(before, seen(3_660, mail), at(3_660));
  expect(knownUntil(after, at(3_660))).toEqual(at(-1));
  expect(knownUntil(evolveSight(after, seen(3_661), at(3_661)), at(3_661))).toEqual(at(3_661));
  // And not for ever, though each look takes long.
  let slow = after;
  for (let minute = 1; minute <= 11; minute += 1)
    slow = evolveSight(slow, seen(3_660, mail), at(3_660 + minute * 60));
  expect(knownUntil(slow, at(5_000))).toEqual(at(5_000));
});

it('never judges by what is to come, whatever clocks say', () => {
  expect(knownUntil(evolveSight(beginSight(at(0)), seen(9), at(5)), at(5))).toEqual(at(5));
});
