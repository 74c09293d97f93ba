// SPDX-License-Identifier: Apache-2.0
import type { Change, Provenance } from './change.ts';
import { patched } from './patch.ts';
import { leavesOf, pathText, type Tree } from './tree.ts';

/** What is set for one scope, and since which change each value is. */
export interface Layer {
  settings: Tree;
  since: ReadonlyMap<string, Provenance>;
}

/** What an organisation's administrators have set. */
export interface State {
  /** Of the latest change; 0 before the first. */
  version: number;
  /** By scope, as `scopeText` has it; a scope for which nothing is set has none. */
  layers: ReadonlyMap<string, Layer>;
}

export const NOTHING_SET: State = { version: 0, layers: new Map() };
const NO_LAYER: Layer = { settings: {}, since: new Map() };

export const layerOf = ({ layers }: State, scope: string): Layer => layers.get(scope) ?? NO_LAYER;

/** The state after changes that follow each other. */
export function evolve(state: State, changes: readonly Change[]): State {
  const layers = new Map(state.layers);
  let { version } = state;
  for (const { patches, ...provenance } of changes) {
    const { at, by, keyId, reason } = provenance;
    version = provenance.version;
    for (const [text, patch] of Object.entries(patches)) {
      const scope = text.normalize('NFC');
      const layer = layerAfter(layers.get(scope) ?? NO_LAYER, patch, { version, at, by, keyId, reason });
      if (layer.since.size === 0) layers.delete(scope);
      else layers.set(scope, layer);
    }
  }
  return { version, layers };
}

function layerAfter(layer: Layer, patch: Tree, now: Provenance): Layer {
  const settings = patched(layer.settings, patch);
  const touched = new Set(leavesOf(patch).map(({ path }) => pathText(path)));
  const since = leavesOf(settings).map(({ path }): [string, Provenance] => {
    const text = pathText(path);
    return [text, touched.has(text) ? now : (layer.since.get(text) ?? now)];
  });
  return { settings, since: new Map(since) };
}
