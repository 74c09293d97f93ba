// SPDX-License-Identifier: Apache-2.0
import { hashOfNode, hashOfNothing, type Hash } from './hash.ts';

/**
 * A Merkle tree (RFC 9162 §2.1.1) of which no more is kept than its next leaf needs: the roots of the whole subtrees that
 * it consists of, the widest first. By hand, as no library of Node writes such trees or reads their tiles.
 */
export class Frontier {
  #size = 0;
  readonly #roots: Hash[] = [];

  /** Leaves. */
  get size(): number {
    return this.#size;
  }

  /** @param leaf its hash, as of `hashOfLeaf`. */
  append(leaf: Hash): void {
    this.#roots.push(leaf);
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const [left, right] = this.#roots.splice(-2) as [Hash, Hash];
      this.#roots.push(hashOfNode(left, right));
    }
    this.#size += 1;
  }

  root(): Hash {
    return rootOf(this.#roots);
  }
}

/** @param roots of whole subtrees side by side, the widest first. */
export const rootOf = (roots: readonly Hash[]): Hash =>
  roots.length === 0 ? hashOfNothing() : roots.reduceRight((right, left) => hashOfNode(left, right));

/** Of a tree with these leaves. */
export function rootOver(leaves: readonly Hash[]): Hash {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.append(leaf);
  return frontier.root();
}
