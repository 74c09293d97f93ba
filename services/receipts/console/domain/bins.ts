// SPDX-License-Identifier: Apache-2.0

/** A picture has at most so many bars. */
const MOST_BARS = 60;
/** Seconds that people count in. */
const WIDTHS = [60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** How wide a bar of a picture of so many seconds is, in seconds. */
export const widthFor = (seconds: number): number =>
  WIDTHS.find((width) => seconds / width <= MOST_BARS) ?? 86_400;

/** The last so many hours, from the beginning of a bar, so that bars stay what they are as time goes on. */
export function lastHours(hours: number, now: Date): { since: Date; width: number } {
  const width = widthFor(hours * 3_600);
  const ms = width * 1_000;
  // The bar of now is one of them.
  const since = Math.floor(now.getTime() / ms) * ms - hours * 3_600_000 + ms;
  return { since: new Date(since), width };
}
