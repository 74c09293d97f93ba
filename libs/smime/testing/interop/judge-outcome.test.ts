// SPDX-License-Identifier: Apache-2.0
import { judgeOutcome } from './judge-outcome.ts';
import { compareVersions, knownOf } from './results.ts';
import type { Outcome } from './run-cell.ts';

const REFUSED: Outcome = 'no: unknown cipher';
const recorded = (outcome: Outcome) => ({ ours: { row: outcome }, theirs: {} });
const judged = (peer: string, version: string, was: Outcome, now: Outcome) =>
  judgeOutcome(knownOf({ peer: { '3.0': recorded(was) } }, peer, version), 'ours', 'row', now).is;

describe('how a cell went is compared with what is recorded', () => {
  it('of this version: it must go the same way, in whatever words a no is said', () => {
    expect(judged('peer', '3.0', 'works', 'works')).toBe('as-recorded');
    expect(judged('peer', '3.0', REFUSED, 'no: never heard of it')).toBe('as-recorded');
    expect(judged('peer', '3.0', 'works', REFUSED)).toBe('different');
    expect(judged('peer', '3.0', REFUSED, 'works')).toBe('different');
    expect(judged('peer', '3.0', 'not run: no option', REFUSED)).toBe('different');
  });

  it('of the version before it: what worked must work, and what did not may be learned', () => {
    expect(judged('peer', '3.5', 'works', REFUSED)).toBe('different');
    expect(judged('peer', '3.5', REFUSED, 'works')).toBe('learned');
    expect(judged('peer', '3.5', REFUSED, REFUSED)).toBe('as-recorded');
  });

  it('of no version: with nothing', () => {
    expect(judged('peer', '1.1', 'works', REFUSED)).toBe('as-recorded');
    expect(judged('another', '3.0', 'works', REFUSED)).toBe('as-recorded');
  });

  it('a row that nobody recorded is told', () => {
    const known = knownOf({ peer: { '3.0': recorded('works') } }, 'peer', '3.0');
    expect(judgeOutcome(known, 'theirs', 'row', 'works')).toMatchObject({ is: 'different' });
  });
});

it('versions are compared by their numbers, and the nearest before is taken', () => {
  expect(compareVersions('3.10', '3.9')).toBeGreaterThan(0);
  expect(compareVersions('3', '3.0')).toBeLessThan(0);
  const results = { peer: { '3.0': recorded('works'), '3.10': recorded(REFUSED), '3.9': recorded('works') } };
  expect(knownOf(results, 'peer', '3.11')).toMatchObject({ version: 'older', of: '3.10' });
  expect(knownOf(results, 'peer', '3.9')).toMatchObject({ version: 'this' });
});
