// SPDX-License-Identifier: Apache-2.0
import { lastDayOver, nextTry, oldestKept, reportDue } from './report-times.ts';

const at = (text: string) => new Date(`2026-03-${text}Z`);

it.each([
  ['02T12:00:00', '2026-03-01'],
  // The last counts of a replica may still be on their way.
  ['02T00:09:59', '2026-02-28'],
  ['02T00:10:00', '2026-03-01'],
])('at %s the last day over is %s', (now, day) => {
  expect(lastDayOver(at(now))).toBe(day);
});

it('the reports of a day go out within four hours of its end, to each domain at its time', () => {
  const domains = ['a.example', 'partner.example', 'a-much-longer-name.of.a.domain.example'];
  const times = domains.map((domain) => reportDue('2026-03-01', domain).getTime());
  for (const time of times) {
    expect(time).toBeGreaterThanOrEqual(at('02T00:10:00').getTime());
    expect(time).toBeLessThan(at('02T04:10:00').getTime());
  }
  expect(new Set(times).size).toBe(domains.length);
});

it.each([
  [1, '02T00:00:00', '02T00:15:00'],
  [2, '02T01:00:00', '02T01:30:00'],
  [9, '02T12:00:00', '02T16:00:00'],
  [9, '03T00:00:00', null],
])('after %i attempts, at %s, it is tried again at %s', (attempts, now, next) => {
  expect(nextTry(attempts, at('02T00:00:00'), at(now))).toEqual(next === null ? null : at(next));
});

it('thirty days are kept', () => {
  expect(oldestKept(at('31T12:00:00'))).toBe('2026-03-01');
});
