// SPDX-License-Identifier: Apache-2.0
import { isGroup, sameValue, type Tree } from './tree.ts';

/**
 * What is left once a patch is applied (JSON merge patch, RFC 7396): groups merge by key, values and lists replace,
 * `null` takes away. Groups in which nothing is left are taken away too.
 */
export function patched(tree: Tree, patch: Tree): Tree {
  const result = new Map(Object.entries(tree));
  for (const [key, value] of Object.entries(patch)) {
    const former = result.get(key);
    const next = isGroup(value) ? patched(isGroup(former) ? former : {}, value) : value;
    if (next === null || next === undefined || (isGroup(next) && Object.keys(next).length === 0))
      result.delete(key);
    else result.set(key, next);
  }
  return Object.fromEntries(result);
}

/** The smallest patch that makes `to` out of `from`; without any key where they are the same. */
export function patchBetween(from: Tree, to: Tree): Tree {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return Object.fromEntries(
    [...keys].flatMap((key): [string, unknown][] => {
      const [before, after] = [from[key], to[key]];
      if (sameValue(before, after)) return [];
      if (!isGroup(before) || !isGroup(after)) return [[key, after ?? null]];
      const inside = patchBetween(before, after);
      return Object.keys(inside).length === 0 ? [] : [[key, inside]];
    }),
  );
}
