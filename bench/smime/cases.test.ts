// SPDX-License-Identifier: Apache-2.0
import { casesOf } from './cases.ts';

describe('the cases of a choice', () => {
  it('are all its combinations, but signing is there once as it has no recipients', () => {
    const cases = casesOf({
      ops: ['sign', 'encrypt'],
      bytes: [1_000],
      recipients: [1, 50],
      algs: ['rsa-2048', 'p-256'],
    });
    expect(cases.map(({ op, recipients, alg }) => `${op} ${recipients} ${alg}`)).toEqual([
      'sign 1 rsa-2048',
      'encrypt 1 rsa-2048',
      'encrypt 50 rsa-2048',
      'sign 1 p-256',
      'encrypt 1 p-256',
      'encrypt 50 p-256',
    ]);
  });

  it('begin with the small ones, from which it is guessed how long the large ones take', () => {
    const cases = casesOf({ ops: ['sign'], bytes: [3_000, 1_000, 2_000], recipients: [1], algs: ['p-256'] });
    expect(cases.map(({ bytes }) => bytes)).toEqual([1_000, 2_000, 3_000]);
  });
});
