// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';

/** Settings as JSON has them: a group of settings by name; everything else, lists included, is a value. */
export type Tree = Readonly<Record<string, unknown>>;

/** One value and where it stands: `['holding', 'endAfterDays']`. */
export interface Leaf {
  path: readonly string[];
  value: unknown;
}

export const isGroup = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const sameValue = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

/** `holding.endAfterDays` */
export const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Every value that is set, in the order in which it stands; a group without any has none. */
export const leavesOf = (tree: Tree, at: readonly string[] = []): Leaf[] =>
  Object.entries(tree).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    const path = [...at, key];
    return isGroup(value) ? leavesOf(value, path) : [{ path, value }];
  });

/** The groups that hold these values; the opposite of {@link leavesOf}. */
export function treeOf(leaves: readonly Leaf[]): Tree {
  const byKey = Map.groupBy(leaves, ({ path }) => path[0] ?? '');
  return Object.fromEntries(
    [...byKey].map(([key, inside]) => {
      const [only] = inside;
      if (only?.path.length === 1) return [key, only.value];
      return [key, treeOf(inside.map(({ path, value }) => ({ path: path.slice(1), value })))];
    }),
  );
}
