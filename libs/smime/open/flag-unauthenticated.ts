// SPDX-License-Identifier: Apache-2.0
import type { Layer } from './layers.ts';

/**
 * Adds `unauthenticated-encryption` to encryptions that anybody on the way could have changed. Only a signature
 * inside speaks against that: one around the ciphertext can be replaced by the attacker's own.
 */
export function flagUnauthenticated(layers: readonly Layer[]): readonly Layer[] {
  return layers.map((layer, depth) => {
    if (layer.kind !== 'encrypted' || layer.authenticated) return layer;
    const inside = layers.slice(depth + 1).flatMap((each) => (each.kind === 'signed' ? each.signatures : []));
    return inside.some(({ verified }) => verified)
      ? layer
      : { ...layer, problems: [...layer.problems, 'unauthenticated-encryption' as const] };
  });
}
