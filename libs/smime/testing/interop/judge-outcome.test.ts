// SPDX-License-Identifier: Apache-2.0
import { judgeOutcome } from './judge-outcome.ts';
import { compareVersions, knownOf } from './results.ts';
import type { Outcome } from './run-cell.ts';

const REFUSED: Outcome = 'no: unknown cipher';
const recorded = (outcome: Outcome) => ({ ours: { row: outcome }, theirs: {} });
const judged = (peer: string, version: string, was: Outcome, now: Outcome) =>
  judgeOutcome(knownOf({ peer: { '3.0.1': recorded(was) } }, peer, version), 'ours', 'row', now);

describe('how a cell went is compared with what is recorded', () => {
  it('it must go the same way, in whatever words a no is said', () => {
    expect(judged('peer', '3.0.1', 'works', 'works')).toBeNull();
    expect(judged('peer', '3.0.1', REFUSED, 'no: never heard of it')).toBeNull();
    expect(judged('peer', '3.0.1', 'works', REFUSED)).toContain('recorded is "works"');
    expect(judged('peer', '3.0.1', REFUSED, 'works')).toContain('here it is "works"');
    expect(judged('peer', '3.0.1', 'not run: no option', REFUSED)).not.toBeNull();
    expect(judged('peer', '3.0.1', 'works', 'we refuse: decryption-failed')).not.toBeNull();
  });

  it('of another version: it says of which', () => {
    expect(judged('peer', '3.5.0', REFUSED, REFUSED)).toBeNull();
    expect(judged('peer', '3.5.0', REFUSED, 'works')).toContain('recorded of version 3.0.1');
  });

  it('a row that nobody recorded is told', () => {
    const known = knownOf({ peer: { '3.0.1': recorded('works') } }, 'peer', '3.0.1');
    expect(judgeOutcome(known, 'theirs', 'row', 'works')).toContain('"nothing"');
    expect(judged('another', '3.0.1', 'works', 'works')).toContain('"nothing"');
  });
});

it('versions are compared by their numbers; the nearest before is taken, or the first of all', () => {
  expect(compareVersions('3.10', '3.9')).toBeGreaterThan(0);
  expect(compareVersions('3', '3.0')).toBeLessThan(0);
  const results = { peer: { '3.0': recorded('works'), '3.10': recorded(REFUSED), '3.9': recorded('works') } };
  expect(knownOf(results, 'peer', '3.11')).toMatchObject({ version: 'another', of: '3.10' });
  expect(knownOf(results, 'peer', '1.1')).toMatchObject({ version: 'another', of: '3.0' });
  expect(knownOf(results, 'peer', '3.9')).toMatchObject({ version: 'this' });
});
