// SPDX-License-Identifier: Apache-2.0

const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** A moment, in the zone of who looks. */
export const timeText = (at: string): string => FULL.format(new Date(at));

/** The same, for programs, too. */
export function Time({ at }: { at: string }) {
  return <time dateTime={at}>{timeText(at)}</time>;
}

/** The same for the foot of a picture. @param width seconds of what begins there. */
export const shortTime = (at: string, hours: number): string =>
  (hours <= 24 ? CLOCK : DAY).format(new Date(at));

/** How long something took, in two units at most. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 10) return `${(Math.round(seconds * 10) / 10).toString()} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => whole >= size);
  const [unit, size] = units[first] ?? ['s', 1];
  const [nextUnit, nextSize] = units[first + 1] ?? ['s', 1];
  const count = Math.floor(whole / size);
  const rest = Math.floor((whole - count * size) / nextSize);
  return rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${nextUnit}`;
}
