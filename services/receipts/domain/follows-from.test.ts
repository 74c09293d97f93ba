// SPDX-License-Identifier: Apache-2.0
import type { SealedEvent } from '@securemail/contracts';
import { followsFrom } from './follows-from.ts';

const event = (name: string, second: number, traceparent: string | null) =>
  ({ name, time: new Date(second * 1_000).toISOString(), traceparent }) as SealedEvent;

describe('what a receipt follows from', () => {
  it('is the last that happened, in whatever order it was heard', () => {
    expect(followsFrom([event('Delivered', 3, 'c'), event('EmailAccepted', 1, 'a')])).toBe('c');
    expect(followsFrom([event('EmailAccepted', 1, 'a'), event('Delivered', 3, null)])).toBe('a');
    expect(followsFrom([])).toBeNull();
  });

  it('is not that somebody looked at the email meanwhile', () => {
    expect(followsFrom([event('Delivered', 3, 'c'), event('EmailInspected', 4, 'of a person')])).toBe('c');
  });
});
