// SPDX-License-Identifier: Apache-2.0
import { Recorded } from './recorded.ts';

const EVENT = {
  id: '01900000-0000-7000-8000-000000000001',
  subject: '01900000-0000-7000-8000-000000000002',
  source: '/securemail/intake',
  sequence: '1',
  time: '2026-11-30T10:00:00.000Z',
  recordedtime: '2026-11-30T10:00:00.100Z',
};

it('an event is read', () => {
  expect(Recorded.of(EVENT)).toMatchObject({ sequence: 1, recordedAt: Date.parse(EVENT.recordedtime) });
});

it.each([
  ['a time that is none', { time: '2026-11-99T10:00:00.000Z' }],
  ['a time of the ledger that is none', { recordedtime: '2026-13-01T10:00:00.000Z' }],
  ['an hour that is none', { recordedtime: '2026-11-30T25:00:00.000Z' }],
  ['a source that is no name', { source: 'x'.repeat(1_000) }],
])('%s is of no event', (_, changed) => {
  expect(Recorded.of({ ...EVENT, ...changed })).toBeNull();
});
