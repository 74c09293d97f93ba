// SPDX-License-Identifier: Apache-2.0
import type { Case } from './cases.ts';
import { Patience } from './patience.ts';

const signing = (bytes: number): Case => ({ op: 'sign', bytes, recipients: 1, alg: 'rsa-2048' });

describe('the patience with a slow peer', () => {
  it('ends where ten times as much would take too long', () => {
    const patience = new Patience(5);
    patience.took('forge', signing(1_000), 1);
    expect(patience.tooLong('forge', signing(4_000))).toBeNull();
    expect(patience.tooLong('forge', signing(10_000))).toBe(10);
  });

  it('is there for every peer and operation that is not known yet', () => {
    const patience = new Patience(5);
    patience.took('forge', signing(1_000), 60);
    expect(patience.tooLong('pkijs', signing(1_000))).toBeNull();
    expect(patience.tooLong('forge', { ...signing(1_000), op: 'encrypt' })).toBeNull();
  });
});
