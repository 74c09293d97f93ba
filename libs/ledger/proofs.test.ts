// SPDX-License-Identifier: Apache-2.0
import { Frontier } from './frontier.ts';
import { hashOfLeaf, hashOfNode, hashOfNothing, type Hash } from './hash.ts';
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  rootByInclusion,
  type WholeSubtree,
} from './proofs.ts';
import { hashesIn, subtreesIn, TILE_WIDTH, tilePath } from './tiles.ts';

const hex = (hash: Hash) => Buffer.from(hash).toString('hex');
/** RFC 9162 §2.1.1, word for word. */
function mth(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return hashOfNothing();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hashOfNode(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}
const frontierOf = (leaves: readonly Hash[]) => {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.append(leaf);
  return frontier;
};
const leafAt = (at: number) => hashOfLeaf(Buffer.from(`leaf ${at}`));
const MOST = 70;
const LEAVES = Array.from({ length: MOST }, (_, at) => leafAt(at));
const subtree: WholeSubtree = (level, index) =>
  Promise.resolve(mth(LEAVES.slice(index * 2 ** level, (index + 1) * 2 ** level)));

it('has the roots that Certificate Transparency has (the vectors of its reference implementation)', () => {
  const entries = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const frontier = new Frontier();
  const roots = [frontier.root()];
  for (const entry of entries) {
    frontier.append(hashOfLeaf(Buffer.from(entry, 'hex')));
    roots.push(frontier.root());
  }
  expect(roots.map(hex)).toEqual([
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]);
});

it('has the root that the definition has, at every size', () => {
  for (let size = 0; size <= MOST; size += 1)
    expect(hex(frontierOf(LEAVES.slice(0, size)).root())).toBe(hex(mth(LEAVES.slice(0, size))));
});

it('shows of every leaf in a tree of every size that it is there, and of none elsewhere', async () => {
  for (let size = 1; size <= MOST; size += 1) {
    const root = hex(mth(LEAVES.slice(0, size)));
    for (let index = 0; index < size; index += 1) {
      const proof = await inclusionProof(index, size, subtree);
      const at = (where: number, leaf = LEAVES[index]!, of = proof, tree = size) => {
        const found = rootByInclusion(leaf, where, tree, of);
        return found === null ? null : hex(found);
      };
      expect(at(index)).toBe(root);
      expect(at(index, leafAt(-1))).not.toBe(root);
      if (size > 1) expect(at((index + 1) % size)).not.toBe(root);
      expect(
        at(
          index,
          LEAVES[index],
          [...proof, root].map((each) => Buffer.from(each)),
        ),
      ).toBeNull();
      if (proof.length > 0) expect(at(index, LEAVES[index], proof.slice(1))).not.toBe(root);
      expect(at(size)).toBeNull();
    }
  }
});

it('shows of every tree that each later one begins with it, and of no other', async () => {
  for (let size = 0; size <= MOST; size += 1)
    for (let former = 0; former <= size; former += 1) {
      const proof = await consistencyProof(former, size, subtree);
      const [before, after] = [former, size].map((of) => ({ size: of, root: mth(LEAVES.slice(0, of)) }));
      expect(isConsistent(before!, after!, proof)).toBe(true);
      expect(isConsistent(before!, { ...after!, root: leafAt(-1) }, proof)).toBe(former === 0 && size > 0);
      if (former > 0) {
        expect(isConsistent({ ...before!, root: leafAt(-1) }, after!, proof)).toBe(false);
        expect(isConsistent(before!, after!, [...proof, leafAt(-1)])).toBe(false);
        if (proof.length > 0) expect(isConsistent(before!, after!, proof.slice(1))).toBe(false);
      }
      if (former < size) expect(isConsistent(after!, before!, proof)).toBe(false);
    }
});

it('finds every hash in tiles', async () => {
  const leaves = Array.from({ length: 2 * TILE_WIDTH + 3 }, (_, at) => leafAt(at));
  const level1 = [leaves.slice(0, 256), leaves.slice(256, 512)].map(mth);
  const read = (level: number, index: number) =>
    Promise.resolve(
      Buffer.concat((level === 0 ? leaves : level1).slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)),
    );
  const found = subtreesIn(read);
  for (const [level, index] of [
    [0, 514],
    [3, 17],
    [7, 3],
    [8, 1],
    [9, 0],
  ] as const) {
    const wanted = mth(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
    expect(hex(await found(level, index))).toBe(hex(wanted));
  }
  await expect(found(2, 128)).rejects.toThrow('no hash of level 2');
  expect(hashesIn(await read(0, 2))).toHaveLength(3);
});

it('names tiles as others look for them', () => {
  expect(tilePath(0, 0)).toBe('tile/0/000');
  expect(tilePath(1, 1_234_067)).toBe('tile/1/x001/x234/067');
  expect(tilePath('entries', 273, 112)).toBe('tile/entries/273.p/112');
});
