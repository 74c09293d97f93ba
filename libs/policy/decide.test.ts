// SPDX-License-Identifier: Apache-2.0
import { decide, type Command, type Wanted } from './decide.ts';
import { layerSchema } from './layer-schema.ts';
import { readScope, TENANT } from './scope.ts';
import { evolve, NOTHING_SET, type State } from './state.ts';
import { BASE, RULES, Small } from './testing/small.ts';
import type { Tree } from './tree.ts';

const AT = new Date('2026-11-28T09:00:00Z');
const around = { base: BASE, domains: ['demo.example'], rulebook: RULES };
const command = (seen: number, ...wanted: Wanted[]): Command => ({
  seen,
  wanted,
  at: AT,
  by: 'Ida Iversen',
  keyId: 'admin',
  reason: 'agreed',
});
const patch = (scope: string, settings: Tree, how: Wanted['how'] = 'patch'): Wanted => ({
  scope: readScope(scope) ?? TENANT,
  how,
  settings,
});
const after = (state: State, ...wanted: Wanted[]): State => {
  const decision = decide(command(state.version, ...wanted), state, around);
  if (decision.kind !== 'changed') throw new Error(JSON.stringify(decision));
  return evolve(state, [decision.change]);
};

describe('given nothing is set', () => {
  it('when a person’s setting is wanted, then that is an event, and what it means is told', () => {
    expect(
      decide(command(0, patch('people/anna@demo.example', { holding: { end: 3 } })), NOTHING_SET, around),
    ).toMatchObject({
      kind: 'changed',
      change: {
        version: 1,
        by: 'Ida Iversen',
        keyId: 'admin',
        reason: 'agreed',
        patches: { 'people/anna@demo.example': { holding: { end: 3 } } },
      },
      differences: [
        {
          scope: 'people/anna@demo.example',
          path: 'holding.end',
          from: { value: 7, origin: { layer: 'factory' } },
          to: { value: 3, origin: { layer: 'person' } },
        },
      ],
    });
  });

  it('when what is set elsewhere already is set here, then its origin is what differs', () => {
    expect(decide(command(0, patch('tenant', { ask: 'refuse' })), NOTHING_SET, around)).toMatchObject({
      differences: [
        {
          from: { value: 'refuse', origin: { layer: 'file' } },
          to: { value: 'refuse', origin: { layer: 'tenant' } },
        },
      ],
    });
  });

  it.each(['domains/other.example', 'people/anna@other.example'])(
    'when it is for %s, then that is a stranger',
    (scope) => {
      expect(decide(command(0, patch(scope, { ask: 'refuse' })), NOTHING_SET, around)).toEqual({
        kind: 'strange',
        scopes: [scope],
      });
    },
  );
});

describe('given something is set', () => {
  const state = after(
    NOTHING_SET,
    patch('tenant', { holding: { end: 5 } }),
    patch('people/anna@demo.example', { holding: { remind: 4 } }),
  );

  it('when the same is wanted, then nothing happens', () => {
    const same = patch('tenant', { holding: { end: 5 } }, 'replace');
    expect(decide(command(1, same), state, around)).toEqual({ kind: 'unchanged' });
  });

  it('when all is replaced, then what is not named is inherited again', () => {
    const decision = decide(command(1, patch('tenant', { ask: 'protect' }, 'replace')), state, around);
    expect(decision).toMatchObject({ change: { patches: { tenant: { ask: 'protect', holding: null } } } });
  });

  it('when whoever wants something has not seen the latest change, then he is told', () => {
    expect(decide(command(0, patch('tenant', { ask: 'protect' })), state, around)).toEqual({
      kind: 'overtaken',
      version: 1,
    });
  });

  it('when it contradicts what another layer says, then it is refused with both and where they come from', () => {
    expect(
      decide(command(1, patch('people/bo@demo.example', { holding: { remind: 6 } })), state, around),
    ).toEqual({
      kind: 'refused',
      faults: [
        {
          scope: 'people/bo@demo.example',
          path: 'holding.remind',
          message:
            'before `end`; holding.remind is 6 (person bo@demo.example, version 2); holding.end is 5 (tenant, version 1)',
        },
      ],
    });
  });

  it('when it would leave somebody else with a contradiction, then it is refused and says whom', () => {
    expect(decide(command(1, patch('tenant', { holding: { end: 3 } })), state, around)).toMatchObject({
      kind: 'refused',
      faults: [{ scope: 'people/anna@demo.example', path: 'holding.remind' }],
    });
  });

  it('when nothing could ever be sent any more, then it is refused', () => {
    expect(
      decide(command(1, patch('domains/demo.example', { methods: ['a', 'b'] })), state, around),
    ).toMatchObject({
      kind: 'refused',
      faults: [
        { scope: 'domains/demo.example', path: 'methods' },
        { scope: 'people/anna@demo.example', path: 'methods' },
      ],
    });
  });

  it('when nothing could be sent any more from one domain, which says nothing itself, then it is refused and named', () => {
    const rulebook: typeof RULES = {
      ...RULES,
      impossible: ({ methods }, scope) =>
        methods.includes('a') && scope.kind === 'domain' && scope.domain === 'other.example'
          ? [{ path: 'methods', message: 'no key here' }]
          : [],
    };
    const two = { ...around, domains: ['demo.example', 'other.example'], rulebook };
    const refused = { kind: 'refused', faults: [{ scope: 'domains/other.example', path: 'methods' }] };
    const wanted = patch('tenant', { methods: ['a'] });
    expect(decide(command(1, wanted), state, two)).toMatchObject(refused);
    expect(decide(command(1, patch('domains/demo.example', { methods: ['a'] })), state, two).kind).toBe(
      'changed',
    );
    expect(decide(command(1, wanted, patch('domains/other.example', { methods: [] })), state, two).kind).toBe(
      'changed',
    );
  });

  it('when something is wrong for all, then it is told once, and not of each domain', () => {
    expect(decide(command(1, patch('tenant', { methods: ['a', 'b'] })), state, around)).toMatchObject({
      kind: 'refused',
      faults: [{ scope: 'tenant' }, { scope: 'people/anna@demo.example' }],
    });
  });

  it('when a domain is no own one any more, then what is left of it can be taken away', () => {
    const moved = { ...around, domains: ['new.example'] };
    const away = patch('people/anna@demo.example', {}, 'replace');
    expect(decide(command(1, away), state, moved)).toMatchObject({ kind: 'changed' });
  });
});

describe('what is the same for everybody', () => {
  const alone = { ...around, rulebook: { ...RULES, ofTenantAlone: ['holding'] } };
  it('is set for the organisation', () => {
    expect(decide(command(0, patch('tenant', { holding: { end: 6 } })), NOTHING_SET, alone).kind).toBe(
      'changed',
    );
  });
  it('is set for nobody else, and may be taken away there', () => {
    expect(
      decide(command(0, patch('people/anna@demo.example', { holding: { end: 6 } })), NOTHING_SET, alone),
    ).toMatchObject({ kind: 'refused', faults: [{ scope: 'people/anna@demo.example', path: 'holding' }] });
    expect(
      decide(command(0, patch('people/anna@demo.example', { holding: null })), NOTHING_SET, alone).kind,
    ).not.toBe('refused');
  });
});

describe('what one layer may say', () => {
  const layer = layerSchema(Small);
  it.each([
    {},
    { ask: null },
    { holding: { end: 1 } },
    { holding: { end: null } },
    { holding: null },
    { methods: [] },
  ])('%j is a part of settings', (settings) => {
    expect(layer.parse(settings)).toEqual(settings);
  });
  it.each([
    [{ aks: 'refuse' }, []],
    [{ ask: 'refuses' }, ['ask']],
    [{ holding: { ends: 1 } }, ['holding']],
    [{ holding: { end: -1 } }, ['holding', 'end']],
    [{ holding: 7 }, ['holding']],
    [{ methods: 'a' }, ['methods']],
  ])('%j is refused at its path', (settings, path) => {
    expect(layer.safeParse(settings).error?.issues[0]?.path).toEqual(path);
  });
});
