// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { castFor } from '../cast.ts';
import { median, rateOf, takeTurns, timesAsFast, type Effort } from '../measure.ts';
import { personFrom, personInPem } from '../person.ts';
import { textOf } from '../task.ts';
import { alone, withPool } from './on-the-loop.ts';
import { processes } from './processes.ts';
import { threads } from './threads.ts';

export interface ParallelRow {
  readonly way: string;
  /** Threads or processes that work; 1 where there is only the event loop. */
  readonly workers: number;
  /** Mails a second. */
  readonly perSec: number;
  /** How many times as fast as one event loop that does everything. */
  readonly times: number;
  readonly cpuMsPerMail: number;
}

const BYTES = 10_000;

/** Mails of 10 KB, signed and encrypted with RSA-2048, in each way to use more than one core. */
export async function parallel(effort: Effort, cores = availableParallelism()): Promise<ParallelRow[]> {
  const cast = await castFor('rsa-2048', 1);
  const content = textOf(BYTES);
  const inPem = personInPem(cast);
  const person = personFrom(inPem);
  const counts = doublingsTo(cores);
  const ways = [
    alone(content, person),
    withPool(content, person),
    ...(await Promise.all(counts.map((count) => threads(content, inPem, count)))),
    ...counts.map((count) => processes({ person: inPem, bytes: BYTES }, count)),
  ];
  try {
    await Promise.all(ways.map((way) => way.run(effort.seconds / 2)));
    const cpu = ways.map((): number[] => []);
    const contenders = ways.map((way, i) => ({
      rate: async (seconds: number) => {
        const { perSec, cpuMsPerMail } = await way.run(seconds);
        cpu[i]?.push(cpuMsPerMail);
        return perSec;
      },
    }));
    const rounds = await takeTurns(contenders, effort);
    return ways.map(({ name, workers }, i) => ({
      way: name,
      workers,
      perSec: rateOf(rounds, i),
      times: timesAsFast(rounds, i, 0),
      cpuMsPerMail: median(cpu[i] ?? []),
    }));
  } finally {
    await Promise.all(ways.map((way) => way.close()));
  }
}

/** 1, 2, 4 and so on, and the number itself. */
export function doublingsTo(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}
