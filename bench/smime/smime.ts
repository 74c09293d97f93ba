// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { sayOnStderr } from '@securemail/testing/process';
import { missed } from './aims.ts';
import type { Choice } from './cases.ts';
import { memory } from './memory/memory.ts';
import { parallel } from './parallel/parallel.ts';
import { speed } from './speed.ts';
import { memoryTable, parallelTable, speedTable } from './table.ts';
import type { PeerName } from './peers.ts';

export const PARTS = ['speed', 'memory', 'parallel'] as const;

export interface SmimeOptions extends Choice {
  peers: PeerName[];
  parts: (typeof PARTS)[number][];
  seconds: number;
  rounds: number;
  patience: number;
  memoryBytes: number;
  json: boolean;
}

/** `bench smime`: libs/smime against the primitives beneath it and against others; its memory; its cores. */
export async function smime({ parts, memoryBytes, json, ...options }: SmimeOptions): Promise<void> {
  const start = performance.now();
  const cores = availableParallelism();
  const rows = parts.includes('speed') ? await speed(options) : [];
  if (parts.includes('memory')) sayOnStderr('memory');
  const memoryRows = parts.includes('memory') ? await memory(memoryBytes) : [];
  if (parts.includes('parallel')) sayOnStderr('parallel work');
  const parallelRows = parts.includes('parallel') ? await parallel(options, cores) : [];
  const minutes = (performance.now() - start) / 60_000;
  console.log(`smime: ${cores} cores, of which speed uses one; ${minutes.toFixed(1)} minutes`);
  const tables = [
    ...(rows.length > 0 ? [speedTable(rows), aims(missed(rows))] : []),
    ...(memoryRows.length > 0 ? [memoryTable(memoryRows)] : []),
    ...(parallelRows.length > 0 ? [parallelTable(parallelRows)] : []),
  ];
  console.log(`\n${tables.join('\n\n')}`);
  if (json) {
    console.log(JSON.stringify({ suite: 'smime', cores, rows, memory: memoryRows, parallel: parallelRows }));
  }
}

const aims = (misses: readonly string[]): string =>
  misses.length === 0 ? 'All aims are met.' : `Aims that are missed:\n\n- ${misses.join('\n- ')}`;
