// SPDX-License-Identifier: Apache-2.0
import type { Provenance } from './change.ts';
import { patchBetween } from './patch.ts';
import { domainOfScope, lineOf, scopeText, type Scope } from './scope.ts';
import { layerOf, type State } from './state.ts';
import { leavesOf, pathText, type Leaf, type Tree } from './tree.ts';

/** Where a value comes from. */
export interface Origin {
  layer: 'factory' | 'file' | Scope['kind'];
  /** The domain or the address that it is set for; null for the others. */
  of: string | null;
  /** The change with which it came; null for the factory and the file, which nobody changes here. */
  since: Provenance | null;
}

export interface EffectiveLeaf extends Leaf {
  origin: Origin;
}

/** Values with their origins; of several layers the last one counts. */
export interface NamedLayer {
  settings: Tree;
  originOf: (path: string) => Origin;
}

/** What lies below everything that administrators set. */
export interface Base {
  /** The defaults: every setting has a value here. */
  factory: Tree;
  /** What the configuration file says otherwise. */
  file: Tree;
}

/**
 * Each value, and the layer it is from: of those that set it, the last. A value takes the place of a group of the same
 * name with all that is in it, and the other way round.
 */
export function effective(layers: readonly NamedLayer[]): EffectiveLeaf[] {
  const found = new Map<string, EffectiveLeaf>();
  /** Every group in which a value was found. */
  const groups = new Set<string>();
  for (const { settings, originOf } of layers) {
    for (const leaf of leavesOf(settings)) {
      const key = pathText(leaf.path);
      const next = { ...leaf, origin: originOf(key) };
      if (!found.has(key)) {
        const above = leaf.path.map((_, index) => pathText(leaf.path.slice(0, index))).slice(1);
        for (const group of above) {
          found.delete(group);
          groups.add(group);
        }
        if (groups.has(key))
          for (const [other, { path }] of found) if (begins(path, leaf.path)) found.delete(other);
      }
      found.set(key, next);
    }
  }
  return [...found.values()];
}

const begins = (path: readonly string[], start: readonly string[]) =>
  start.every((part, index) => part === path[index]);

/** What counts for a scope, the farthest first: factory, file, organisation, domain, person. */
export const layersFor = (scope: Scope, { factory, file }: Base, state: State): NamedLayer[] => [
  { settings: factory, originOf: () => ({ layer: 'factory', of: null, since: null }) },
  { settings: file, originOf: () => ({ layer: 'file', of: null, since: null }) },
  ...lineOf(scope).map((each): NamedLayer => {
    const { settings, since } = layerOf(state, scopeText(each));
    const of = each.kind === 'person' ? each.address : domainOfScope(each);
    return {
      settings,
      originOf: (path) => ({ layer: each.kind, of, since: since.get(path) ?? null }),
    };
  }),
];

/** @param leftOut groups that are of no account for it. */
export const effectiveFor = (
  scope: Scope,
  base: Base,
  state: State,
  leftOut: readonly string[] = [],
): EffectiveLeaf[] =>
  effective(
    layersFor(scope, base, state).map((layer) => ({
      ...layer,
      settings: Object.fromEntries(Object.entries(layer.settings).filter(([key]) => !leftOut.includes(key))),
    })),
  );

/** What the file says otherwise than the factory, given all of its settings with the defaults filled in. */
export const fileLayer = (factory: Tree, whole: Tree): Tree => patchBetween(factory, whole);
