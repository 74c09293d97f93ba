// SPDX-License-Identifier: Apache-2.0
import { ATTRIBUTE, METRIC, record } from '@securemail/telemetry';

type Operation = 'put' | 'get' | 'erase';

/** Records how long the vault took for what it was asked, and whether it did it. */
export async function timed<Result>(operation: Operation, work: Promise<Result>): Promise<Result> {
  const begun = performance.now();
  try {
    const result = await work;
    note(operation, 'done', begun);
    return result;
  } catch (error) {
    note(operation, 'failed', begun);
    throw error;
  }
}

/** The same of what is read piece by piece; what its reader leaves half-way is not recorded. */
export async function* timedReading(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const begun = performance.now();
  try {
    yield* pieces;
  } catch (error) {
    note('get', 'failed', begun);
    throw error;
  }
  note('get', 'done', begun);
}

function note(operation: Operation, outcome: 'done' | 'failed', begun: number): void {
  record(METRIC.vaultDuration, (performance.now() - begun) / 1_000, {
    [ATTRIBUTE.vaultOperation]: operation,
    [ATTRIBUTE.outcome]: outcome,
  });
}
