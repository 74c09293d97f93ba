// SPDX-License-Identifier: Apache-2.0
import type { MemoryRow } from './memory/memory.ts';
import type { ParallelRow } from './parallel/parallel.ts';
import type { Row } from './run-case.ts';
import { PEERS } from './peers.ts';

/** A table in Markdown; columns are as wide as their widest cell, and figures stand to the right. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const right = head.map((_, i) => rows.every((row) => /^(–|[\d.,]+)$/.test(row[i] ?? '')));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (right[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => '-'.repeat(width - 1) + (right[i] === true ? ':' : '-'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** One row for each case: rates of ours and of the limit, and how many times as fast as each peer ours is. */
export const speedTable = (rows: readonly Row[]): string =>
  markdown(
    [
      ...['operation', 'size', 'recipients', 'keys', 'ours/s', 'limit/s', 'of the limit'],
      ...PEERS.map((peer) => `× ${peer}`),
    ],
    rows.map((row) => [
      row.op,
      size(row.bytes),
      String(row.recipients),
      row.alg,
      figure(row.oursPerSec),
      figure(row.limitPerSec),
      row.ratio.toFixed(2),
      ...PEERS.map((peer) => figure(row.vs[peer])),
    ]),
  );

export const memoryTable = (rows: readonly MemoryRow[]): string =>
  markdown(
    ['operation', 'size', 'MB above idle'],
    rows.map(({ op, bytes, aboveIdleBytes }) => [op, size(bytes), (aboveIdleBytes / 1e6).toFixed(1)]),
  );

export const parallelTable = (rows: readonly ParallelRow[]): string =>
  markdown(
    ['way', 'workers', 'mails/s', 'times', 'CPU ms a mail'],
    rows.map(({ way, workers, perSec, times, cpuMsPerMail }) => [
      way,
      String(workers),
      figure(perSec),
      times.toFixed(2),
      cpuMsPerMail.toFixed(2),
    ]),
  );

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** `10000` as `10 KB`. */
export function size(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(bytes) / 3)));
  return `${Number((bytes / 1_000 ** step).toPrecision(3))} ${UNITS[step] ?? ''}`;
}

/** Three significant digits; `–` where there is nothing. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
