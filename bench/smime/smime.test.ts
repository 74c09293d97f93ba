// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { availableParallelism } from 'node:os';
import { doublingsTo } from './parallel/parallel.ts';

interface Report {
  rows: unknown[];
  memory: { op: string }[];
  parallel: { workers: number }[];
}

const BENCH = join(import.meta.dirname, '../../dist/bench/main.js');
/** A tiny run of everything; a peer that needs nothing but this process. */
const TINY = [
  ...['--ops', 'sign+encrypt', '--algs', 'p-256', '--bytes', '1000', '--recipients', '1', '--peers', 'pkijs'],
  ...['--seconds', '0.01', '--rounds', '1', '--memory-bytes', '2000000', '--json'],
];

it('the whole bench prints tables to paste, and last one line of JSON', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, 'smime', ...TINY], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const lines = stdout.trimEnd().split('\n');
  const report = JSON.parse(lines.at(-1)!) as Report;
  const number = expect.any(Number);
  expect(report.rows).toEqual([
    {
      ...{ op: 'sign+encrypt', bytes: 1_000, recipients: 1, alg: 'p-256' },
      ...{ oursPerSec: number, limitPerSec: number, ratio: number },
      vs: { pkijs: number, forge: null, bouncycastle: null, openssl: null },
      perSec: { pkijs: number, forge: null, bouncycastle: null, openssl: null },
    },
  ]);
  expect(report.memory.map(({ op }) => op)).toEqual(['sign', 'encrypt', 'sign+encrypt', 'open+verify']);
  const counts = doublingsTo(availableParallelism());
  expect(report.parallel.map(({ workers }) => workers)).toEqual([1, 1, ...counts, ...counts]);
  expect(lines.filter((line) => line.startsWith('| -'))).toHaveLength(3);
});
