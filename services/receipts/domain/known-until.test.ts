// SPDX-License-Identifier: Apache-2.0
import { beginSight, evolveSight, knownUntil } from './known-until.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

it('judges nothing before it knows until when all was heard', () => {
  const begun = beginSight(at(0));
  expect(knownUntil(begun, at(10))).toBeNull();
  const behind = evolveSight(begun, { until: null, mark: '1' }, at(1));
  expect(knownUntil(behind, at(299))).toBeNull();
  const there = evolveSight(behind, { until: at(200), mark: '2' }, at(201));
  expect(knownUntil(there, at(202))).toEqual(at(200));
});

it('waits for as long as hearing gets on, and judges by the clock where it stands still for five minutes', () => {
  let sight = evolveSight(beginSight(at(0)), { until: at(-1), mark: '0' }, at(0));
  for (let second = 60; second <= 3_600; second += 60)
    sight = evolveSight(sight, { until: at(-1), mark: String(second) }, at(second));
  expect(knownUntil(sight, at(3_600))).toEqual(at(-1));
  // Seen, and always the same; or not to be seen at all.
  sight = evolveSight(sight, { until: at(-1), mark: '3600' }, at(3_700));
  sight = evolveSight(sight, null, at(3_800));
  expect(knownUntil(sight, at(3_899))).toEqual(at(-1));
  expect(knownUntil(sight, at(3_901))).toEqual(at(3_901));
});

it('never judges by what is to come, whatever clocks say', () => {
  expect(knownUntil(evolveSight(beginSight(at(0)), { until: at(9), mark: '' }, at(5)), at(5))).toEqual(at(5));
});
