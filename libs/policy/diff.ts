// SPDX-License-Identifier: Apache-2.0
import type { EffectiveLeaf, Origin } from './effective.ts';
import { pathText, sameValue } from './tree.ts';

/** A value that is another one, or comes from elsewhere. */
export interface Difference {
  path: string;
  /** Null where there was, or will be, none. */
  from: { value: unknown; origin: Origin } | null;
  to: { value: unknown; origin: Origin } | null;
}

/** What differs between two sets of effective values, by path. */
export function diff(before: readonly EffectiveLeaf[], after: readonly EffectiveLeaf[]): Difference[] {
  const [old, now] = [byPath(before), byPath(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
    const [from, to] = [old.get(path) ?? null, now.get(path) ?? null];
    if (from !== null && to !== null && sameValue(from.value, to.value) && sameOrigin(from.origin, to.origin))
      return [];
    return [{ path, from, to }];
  });
}

const byPath = (leaves: readonly EffectiveLeaf[]) =>
  new Map(leaves.map(({ path, value, origin }) => [pathText(path), { value, origin }]));

const sameOrigin = (a: Origin, b: Origin): boolean => a.layer === b.layer && a.of === b.of;
