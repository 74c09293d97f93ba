// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { effective, effectiveFor, fileLayer, type NamedLayer, type Origin } from './effective.ts';
import { patchBetween, patched } from './patch.ts';
import { readScope, TENANT, type Scope } from './scope.ts';
import { evolve, NOTHING_SET } from './state.ts';
import { BASE } from './testing/small.ts';
import { leavesOf, pathText, treeOf, type Tree } from './tree.ts';

const change = (version: number, patches: Record<string, Tree>) => ({
  version,
  at: new Date('2026-11-28T09:00:00Z'),
  by: 'Ida',
  keyId: null,
  reason: 'tried',
  patches,
});
const STATE = evolve(NOTHING_SET, [
  change(1, { tenant: { holding: { end: 5 } }, 'domains/ward.example': { methods: ['a'] } }),
  change(2, {
    'people/anna@ward.example': { ask: 'protect', methods: [], holding: { remind: 1 } },
    'people/bo@demo.example': { methods: ['b'] },
  }),
]);
const scope = (text: string): Scope => readScope(text) ?? TENANT;
const lines = (of: string) =>
  effectiveFor(scope(of), BASE, STATE).map(
    ({ path, value, origin: { layer, of, since } }) =>
      `${pathText(path)}=${JSON.stringify(value)} ${layer} ${of ?? '-'} ${since?.version ?? '-'}`,
  );

describe('what counts for somebody', () => {
  it.each([
    [
      'tenant',
      [
        'ask="refuse" file - -',
        'methods=[] factory - -',
        'holding.remind=2 factory - -',
        'holding.end=5 tenant - 1',
      ],
    ],
    [
      'domains/ward.example',
      [
        'ask="refuse" file - -',
        'methods=["a"] domain ward.example 1',
        'holding.remind=2 factory - -',
        'holding.end=5 tenant - 1',
      ],
    ],
    [
      'people/anna@ward.example',
      [
        'ask="protect" person anna@ward.example 2',
        'methods=[] person anna@ward.example 2',
        'holding.remind=1 person anna@ward.example 2',
        'holding.end=5 tenant - 1',
      ],
    ],
    [
      'people/carl@ward.example',
      [
        'ask="refuse" file - -',
        'methods=["a"] domain ward.example 1',
        'holding.remind=2 factory - -',
        'holding.end=5 tenant - 1',
      ],
    ],
    ['people/anna+x@ward.example', expect.arrayContaining(['methods=[] person anna@ward.example 2'])],
    ['people/bo@demo.example', expect.arrayContaining(['methods=["b"] person bo@demo.example 2'])],
  ])('%s has each value from the nearest place that sets it', (of, expected) => {
    expect(lines(of)).toEqual(expected);
  });

  it('is inherited again once it is taken back', () => {
    const back = evolve(STATE, [change(3, { 'people/anna@ward.example': { ask: null, holding: null } })]);
    expect(effectiveFor(scope('people/anna@ward.example'), BASE, back)).toMatchObject([
      { value: 'refuse', origin: { layer: 'file' } },
      { value: [], origin: { layer: 'person', since: { version: 2 } } },
      { value: 2, origin: { layer: 'factory' } },
      { value: 5, origin: { layer: 'tenant' } },
    ]);
    expect(back.layers.get('people/anna@ward.example')?.settings).toEqual({ methods: [] });
  });

  it('keeps who set a value, and when, where another value beside it changes', () => {
    const later = evolve(STATE, [change(3, { tenant: { holding: { remind: 3 } } })]);
    const since = later.layers.get('tenant')?.since;
    expect([since?.get('holding.end')?.version, since?.get('holding.remind')?.version]).toEqual([1, 3]);
  });

  it('lets a value take the place of a group, and a group that of a value', () => {
    const of = (...settings: Tree[]) =>
      treeOf(effective(settings.map((each): NamedLayer => ({ settings: each, originOf: () => FACTORY }))));
    expect(of({ a: { b: 1, c: 2 } }, { a: 3 })).toEqual({ a: 3 });
    expect(of({ a: 3 }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  });

  it('counts what a file says as the factory does as the factory’s', () => {
    expect(fileLayer({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 4, d: 3 } })).toEqual({ b: { c: 4 } });
  });
});

const FACTORY: Origin = { layer: 'factory', of: null, since: null };

/** Trees over few names, so that layers meet; at each place either always a group or always a value. */
const value = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
);
const tree: fc.Arbitrary<Tree> = fc.record(
  {
    a: value,
    b: value,
    g: fc.record(
      { a: value, h: fc.record({ a: value, b: value }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe('of any layers', () => {
  it('each value is that of the last layer that sets it, and says so', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (trees) => {
        const named = trees.map((settings, index): NamedLayer => ({
          settings,
          originOf: () => ({ layer: 'domain', of: String(index), since: null }),
        }));
        const expected = new Map<string, unknown>();
        for (const [index, each] of trees.entries())
          for (const { path, value: set } of leavesOf(each))
            expected.set(pathText(path), [set, String(index)]);
        const found = effective(named).map(({ path, value: set, origin }) => [
          pathText(path),
          [set, origin.of],
        ]);
        expect(new Map(found as [string, unknown][])).toEqual(expected);
      }),
    );
  });

  it('the patch between two of them makes the one of the other, and is empty for the same', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const [before, after] = [treeOf(leavesOf(from)), treeOf(leavesOf(to))];
        expect(patched(before, patchBetween(before, after))).toEqual(after);
        expect(patchBetween(after, after)).toEqual({});
      }),
    );
  });
});
