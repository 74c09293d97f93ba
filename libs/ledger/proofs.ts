// SPDX-License-Identifier: Apache-2.0
import { rootOf } from './frontier.ts';
import { hashOfNode, type Hash } from './hash.ts';
import { isSame } from './octets.ts';

/** The root of the whole subtree over the leaves from `index · 2^level` on. */
export type WholeSubtree = (level: number, index: number) => Promise<Hash>;

/** The whole subtrees side by side over the first leaves of a tree: level and index of each, the widest first. */
export function wholeSubtrees(first: number, end: number): { level: number; index: number }[] {
  const found: { level: number; index: number }[] = [];
  for (let at = first; at < end;) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** `MTH(D[first:end])` of RFC 9162 §2.1.1, where `first` begins a subtree that the tree really has. */
export async function hashOfRange(first: number, end: number, subtree: WholeSubtree): Promise<Hash> {
  const parts = wholeSubtrees(first, end).map(({ level, index }) => subtree(level, index));
  return rootOf(await Promise.all(parts));
}

/** The largest power of two below `size`. */
const split = (size: number): number => {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};

/** RFC 9162 §2.1.3.1: what shows that the leaf is in the tree. */
export async function inclusionProof(index: number, size: number, subtree: WholeSubtree): Promise<Hash[]> {
  if (index < 0 || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const siblings: [first: number, end: number][] = [];
  let [first, end] = [0, size];
  while (end - first > 1) {
    const middle = first + split(end - first);
    siblings.push(index < middle ? [middle, end] : [first, middle]);
    if (index < middle) end = middle;
    else first = middle;
  }
  return Promise.all(siblings.reverse().map(([from, to]) => hashOfRange(from, to, subtree)));
}

/** RFC 9162 §2.1.4.1: what shows that the tree of `size` begins with the tree of `former`. */
export async function consistencyProof(former: number, size: number, subtree: WholeSubtree): Promise<Hash[]> {
  if (former < 0 || former > size)
    throw new RangeError(`a tree of ${size} does not begin with one of ${former}`);
  if (former === 0 || former === size) return [];
  const siblings: [first: number, end: number][] = [];
  let [first, end] = [0, size];
  while (end !== former) {
    const middle = first + split(end - first);
    siblings.push(former <= middle ? [middle, end] : [first, middle]);
    if (former <= middle) end = middle;
    else first = middle;
  }
  // Who asks knows the former tree, where that is one whole subtree.
  if (first !== 0) siblings.push([first, end]);
  return Promise.all(siblings.reverse().map(([from, to]) => hashOfRange(from, to, subtree)));
}

/** RFC 9162 §2.1.3.2: the root that a tree of `size` has whose leaf at `index` is `leaf`; null where the proof is none. */
export function rootByInclusion(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
): Hash | null {
  if (index < 0 || index >= size) return null;
  let [at, last] = [index, size - 1];
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      root = hashOfNode(sibling, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else root = hashOfNode(root, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? root : null;
}

/** RFC 9162 §2.1.4.2: whether the tree of `size` begins with the tree of `former`. */
export function isConsistent(
  former: { size: number; root: Hash },
  latter: { size: number; root: Hash },
  proof: readonly Hash[],
): boolean {
  if (former.size > latter.size) return false;
  if (former.size === latter.size) return proof.length === 0 && isSame(former.root, latter.root);
  if (former.size === 0) return proof.length === 0;
  const isWhole = Number.isInteger(Math.log2(former.size));
  const [begin, ...rest] = isWhole ? [former.root, ...proof] : proof;
  if (begin === undefined) return false;
  let [at, last] = [former.size - 1, latter.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [before, after] = [begin, begin];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      before = hashOfNode(sibling, before);
      after = hashOfNode(sibling, after);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else after = hashOfNode(after, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(before, former.root) && isSame(after, latter.root);
}

const half = (count: number): number => Math.floor(count / 2);
