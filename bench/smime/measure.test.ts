// SPDX-License-Identifier: Apache-2.0
import { median, rateOf, takeTurns, timesAsFast, type Round } from './measure.ts';

describe('the median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 2, 3], 2.5],
    [[], Number.NaN],
  ])('of %j is %d', (values, wanted) => {
    expect(median(values)).toBe(wanted);
  });
});

describe('how many times as fast one was as another', () => {
  it('is told by each round for itself: a machine that slowed down in one of them changes nothing', () => {
    const rounds: Round[] = [
      [100, 50],
      [10, 5],
      [90, 45],
    ];
    expect(timesAsFast(rounds, 0, 1)).toBe(2);
  });

  it('is told by the rounds in which both ran', () => {
    const rounds: Round[] = [
      [100, 20],
      [300, null],
    ];
    expect(timesAsFast(rounds, 0, 1)).toBe(5);
    expect(rateOf(rounds, 1)).toBe(20);
  });
});

describe('contenders take turns', () => {
  const contender = (name: string, said: string[]) => ({
    rate: (seconds: number) => {
      said.push(`${name} ${seconds}`);
      return Promise.resolve(1);
    },
  });

  it('in every round, for a share of the seconds', async () => {
    const said: string[] = [];
    const rounds = await takeTurns([contender('a', said), contender('b', said)], { seconds: 60, rounds: 2 });
    expect(said).toEqual(['a 30', 'b 30', 'a 30', 'b 30']);
    expect(rounds).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('and one that took much longer than its seconds sits out', async () => {
    const slow = {
      rate: () => new Promise<number>((resolve) => setTimeout(resolve, 50, 20)),
    };
    const rounds = await takeTurns([slow], { seconds: 0.001, rounds: 3 });
    expect(rounds).toEqual([[20], [null], [null]]);
  });
});
