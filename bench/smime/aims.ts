// SPDX-License-Identifier: Apache-2.0
import type { Row } from './run-case.ts';
import { figure, size } from './table.ts';

/** What this library wants to be: how near to the limit, and how many times as fast as others. */
const OF_THE_LIMIT = 0.8;
const TIMES = { pkijs: 10, forge: 50, bouncycastle: 1 } as const;

/** A sentence for each aim that a row misses. */
export const missed = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => {
    const name = `${row.op}, ${size(row.bytes)}, ${row.recipients} recipient(s), ${row.alg}`;
    const near = row.ratio < OF_THE_LIMIT ? [`${name}: ${row.ratio.toFixed(2)} of the limit`] : [];
    const behind = Object.entries(TIMES).flatMap(([peer, wanted]) => {
      const times = row.vs[peer as keyof typeof TIMES];
      return times !== null && times < wanted ? [`${name}: ${figure(times)} times ${peer}`] : [];
    });
    return [...near, ...behind];
  });
