// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Direction, Outcome } from './run-cell.ts';

/** How each row went, by its name. */
export type Column = Readonly<Record<string, Outcome>>;
export type Recorded = Readonly<Record<Direction, Column>>;
/** By peer, then by version. */
export type Results = Readonly<Partial<Record<string, Readonly<Partial<Record<string, Recorded>>>>>>;

const FILE = join(import.meta.dirname, 'results.json');

export const readResults = (): Results => JSON.parse(readFileSync(FILE, 'utf8')) as Results;

/** Records how it went with one version of a peer, in place of what was recorded of that version. */
export function record(peer: string, version: string, recorded: Recorded): void {
  const results = readResults();
  const versions = Object.entries({ ...results[peer], [version]: recorded });
  const sorted = Object.fromEntries(versions.toSorted(([a], [b]) => compareVersions(a, b)));
  writeFileSync(FILE, `${JSON.stringify({ ...results, [peer]: sorted }, null, 2)}\n`);
}

/** What is known of a peer of this version. */
export type Known =
  | { readonly version: 'this'; readonly recorded: Recorded }
  /** Of another, the newest before it, or else the oldest of all: this one may do more, or less. */
  | { readonly version: 'another'; readonly recorded: Recorded; readonly of: string }
  | { readonly version: 'none' };

export function knownOf(results: Results, peer: string, version: string): Known {
  const versions = Object.entries(results[peer] ?? {}).toSorted(([a], [b]) => compareVersions(a, b));
  const before = versions.filter(([other]) => compareVersions(other, version) <= 0);
  const [of, recorded] = before.at(-1) ?? versions[0] ?? [];
  if (of === undefined || recorded === undefined) return { version: 'none' };
  return of === version ? { version: 'this', recorded } : { version: 'another', recorded, of };
}

/** By their numbers: 3.10 comes after 3.9. */
export function compareVersions(a: string, b: string): number {
  const [numbersA, numbersB] = [a, b].map((version) => version.split('.').map(Number)) as [
    number[],
    number[],
  ];
  for (const [i, number] of numbersA.entries()) {
    const difference = number - (numbersB[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return numbersA.length - numbersB.length;
}
