// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';
import { happened } from '../../testing/happened.ts';
import {
  BO,
  corrected,
  deferred,
  delivered,
  held,
  madeFor,
  KIM,
  planned,
  rejected,
  started,
} from '../../testing/story.ts';
import { traceIn, waterfallOf } from './waterfall.ts';

const START = Date.parse(happened.time(0));
const shown = (events: readonly DomainEvent[]) =>
  waterfallOf(events).map(({ kind, from, until, recipientIds, outcome }) => {
    const second = (at: string) => (Date.parse(at) - START) / 1_000;
    return [kind, recipientIds.join(' '), second(from), until === null ? null : second(until), outcome];
  });

describe('where the time of an email went', () => {
  it('a mail that is sent at the second try', () => {
    const events = happened(
      [BO],
      [
        [1, planned([1])],
        [2, madeFor([BO])],
        [3, started(1)],
        [5, deferred(1)],
        [65, started(1)],
        [66, delivered(1)],
      ],
    );
    expect(shown(events)).toEqual([
      ['acceptance', 'r1', 0, 0, 'EmailAccepted'],
      ['protection', 'r1', 0, 2, 'EmailProtected'],
      ['attempt', 'r1', 3, 5, 'Deferred'],
      ['wait', 'r1', 5, 65, 'DeliveryAttemptStarted'],
      ['attempt', 'r1', 65, 66, 'Delivered'],
    ]);
  });

  it('a mail that is held for one, and released to another address; for the other rejected', () => {
    const events = happened(
      [BO, KIM],
      [
        [1, held([1, 2])],
        [20, corrected(1, 'bo@else.example')],
        [30, rejected('Ida', 2)],
      ],
    );
    expect(shown(events)).toEqual([
      ['acceptance', 'r1 r2', 0, 0, 'EmailAccepted'],
      ['protection', 'r1 r2', 0, 1, 'EmailHeld'],
      ['hold', 'r1 r2', 1, 30, 'EmailRejected'],
      ['protection', 'r1', 20, null, null],
    ]);
  });

  it('is told the same whatever order its events came in', () => {
    const events = happened(
      [BO],
      [
        [1, held([1])],
        [2, corrected(1, 'bo@else.example')],
      ],
    );
    expect(waterfallOf(events.toReversed())).toEqual(waterfallOf(events));
  });

  it('names the trace and the span, where there is one', () => {
    const events = happened([BO], []);
    expect([traceIn(events), waterfallOf(events)[0]!.spanId]).toEqual([null, null]);
    events[0]!.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect([traceIn(events), waterfallOf(events)[0]!.spanId]).toEqual([
      '4bf92f3577b34da6a3ce929d0e0e4736',
      '00f067aa0ba902b7',
    ]);
  });
});
