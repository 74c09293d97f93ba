// SPDX-License-Identifier: Apache-2.0
import { lastHours, widthFor } from './bins.ts';

describe('the bars of a picture', () => {
  it.each([
    [1, 60],
    [24, 1_800],
    [168, 10_800],
    [10_000, 86_400],
  ])('of %d hours are %d seconds wide', (hours, seconds) => {
    expect(widthFor(hours * 3_600)).toBe(seconds);
  });

  it('begin at the same times whenever they are looked at, and the last is that of now', () => {
    const now = new Date('2026-11-24T10:17:42.5Z');
    expect(lastHours(1, now)).toEqual({ since: new Date('2026-11-24T09:18:00Z'), width: 60 });
    expect(lastHours(1, new Date('2026-11-24T10:17:59.999Z')).since).toEqual(lastHours(1, now).since);
    const { since, width } = lastHours(24, now);
    expect(since.getTime() % (width * 1_000)).toBe(0);
    expect((now.getTime() - since.getTime()) / (width * 1_000)).toBeLessThanOrEqual(48);
  });
});
