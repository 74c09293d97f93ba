// SPDX-License-Identifier: Apache-2.0
import type { EntityLayerStream, Layer } from './layers.ts';

/**
 * What the layers were found to be, with `unauthenticated-encryption` on encryptions that anybody on the way could have
 * changed. Only a verified signature inside speaks against that (one around the ciphertext can be replaced by the
 * attacker's own), and only one that covers all that was encrypted: blocks of ciphertext can be repeated beside it.
 */
export function flagUnauthenticated(layers: readonly EntityLayerStream[]): readonly Layer[] {
  const reports = layers.map((layer) => layer.report());
  return reports.map((layer, depth) => {
    if (layer.kind !== 'encrypted' || layer.authenticated) return layer;
    const inside = reports.slice(depth + 1);
    const beside = layers.slice(depth + 1).findIndex((each) => !each.isWhole());
    const covering = beside < 0 ? inside : inside.slice(0, beside);
    return covering.some((each) => each.kind === 'signed' && each.signatures.some(({ verified }) => verified))
      ? layer
      : { ...layer, problems: [...layer.problems, 'unauthenticated-encryption' as const] };
  });
}
