// SPDX-License-Identifier: Apache-2.0
import type { Change, Provenance } from './change.ts';
import { diff, type Difference } from './diff.ts';
import { effectiveFor, type Base } from './effective.ts';
import { judge, type Fault, type Rulebook } from './judge.ts';
import { patchBetween, patched } from './patch.ts';
import { domainOfScope, inheritingFromAny, readScope, scopeText, type Scope } from './scope.ts';
import { evolve, layerOf, type State } from './state.ts';
import { leavesOf, treeOf, type Tree } from './tree.ts';

/** What is to be set for a scope: a patch to what is, or all of it anew. Both of what `layerSchema` takes. */
export interface Wanted {
  scope: Scope;
  how: 'patch' | 'replace';
  settings: Tree;
}

export interface Command extends Omit<Provenance, 'version'> {
  /** The version that whoever wants it has seen. */
  seen: number;
  wanted: readonly Wanted[];
}

export interface Surroundings<Policy> {
  base: Base;
  /** The organisation's own domains. */
  domains: readonly string[];
  rulebook: Rulebook<Policy>;
}

export type Decision =
  | { kind: 'changed'; change: Change; differences: (Difference & { scope: string })[]; state: State }
  /** It is so already. */
  | { kind: 'unchanged' }
  | { kind: 'overtaken'; version: number }
  /** Not a domain of the organisation, or nobody in one. */
  | { kind: 'strange'; scopes: string[] }
  | { kind: 'refused'; faults: Fault[] };

/**
 * Whether a change is made, and what it would mean. It is judged for every own domain and every other scope with settings
 * that inherits from what changes, so that nobody is left with settings that contradict each other.
 */
export function decide<Policy>(command: Command, state: State, around: Surroundings<Policy>): Decision {
  const { seen, wanted, at, by, keyId, reason } = command;
  if (seen !== state.version) return { kind: 'overtaken', version: state.version };
  const patches = wanted.map(({ scope, how, settings }) => {
    const before = layerOf(state, scopeText(scope)).settings;
    const after = how === 'patch' ? patched(before, settings) : treeOf(leavesOf(settings));
    return { scope, patch: patchBetween(before, after) };
  });
  const changed = patches.filter(({ patch }) => Object.keys(patch).length > 0);
  // What is left of a domain that was an own one once may be taken away.
  const strange = patches
    .filter(({ scope, patch }) => !isOwn(scope, around.domains) && setsAny(patch))
    .map(({ scope }) => scopeText(scope));
  if (strange.length > 0) return { kind: 'strange', scopes: strange };
  const misplaced = patches
    .filter(({ scope }) => scope.kind !== 'tenant')
    .flatMap(({ scope, patch }) =>
      (around.rulebook.ofTenantAlone ?? [])
        .filter((key) => setsAny({ [key]: patch[key] }))
        .map((path) => ({
          scope: scopeText(scope),
          path,
          message: 'is the same for the whole organisation: set it there',
        })),
    );
  if (misplaced.length > 0) return { kind: 'refused', faults: misplaced };
  if (changed.length === 0) return { kind: 'unchanged' };

  const change: Change = {
    version: state.version + 1,
    at,
    by,
    keyId,
    reason,
    patches: Object.fromEntries(changed.map(({ scope, patch }) => [scopeText(scope), patch])),
  };
  const next = evolve(state, [change]);
  const found = scopesToJudge(
    next,
    changed.map(({ scope }) => scope),
    around.domains,
  ).flatMap((scope) => {
    const judged = judge(around.rulebook, scope, around.base, next);
    if (judged.ok) return [];
    // What was wrong before, and is not touched, is no reason to refuse: it may have come by an expired key, say.
    const before = judge(around.rulebook, scope, around.base, state);
    const old = before.ok ? [] : before.faults;
    return judged.faults.filter(
      ({ path }) => touches(change, path) || !old.some((each) => each.path === path),
    );
  });
  const faults = found.filter((fault) => !isToldAbove(fault, found, next));
  if (faults.length > 0) return { kind: 'refused', faults };
  const differences = changed.flatMap(({ scope }) =>
    diff(effectiveFor(scope, around.base, state), effectiveFor(scope, around.base, next))
      // What comes from above is told there.
      .filter(({ from, to }) => [from, to].some((side) => side?.origin.layer === scope.kind))
      .map((each) => ({ scope: scopeText(scope), ...each })),
  );
  return { kind: 'changed', change, differences, state: next };
}

/** Every own domain, too: what the organisation can do, one of its domains may have no key for. */
function scopesToJudge(state: State, changed: readonly Scope[], domains: readonly string[]): Scope[] {
  const own = domains.map((domain): Scope => ({ kind: 'domain', domain }));
  const concerned = own.filter(inheritingFromAny(changed));
  return scopesThatInherit(state, [...changed, ...concerned]);
}

/** What is wrong for the whole organisation is not told once more of each domain that says nothing of its own. */
const isToldAbove = ({ scope, path, message }: Fault, all: readonly Fault[], { layers }: State): boolean =>
  scope.startsWith('domains/') &&
  !layers.has(scope) &&
  all.some((other) => other.scope === 'tenant' && other.path === path && other.message === message);

/** The changed scopes, and every scope with settings of its own for which one of them counts. */
export function scopesThatInherit(state: State, changed: readonly Scope[]): Scope[] {
  const set = [...state.layers.keys()].flatMap((text) => readScope(text) ?? []);
  const found = [...changed, ...set.filter(inheritingFromAny(changed))];
  return [...new Map(found.map((scope) => [scopeText(scope), scope])).values()];
}

export function isOwn(scope: Scope, domains: readonly string[]): boolean {
  const domain = domainOfScope(scope);
  return domain === null || domains.includes(domain);
}

const touches = ({ patches }: Change, path: string): boolean =>
  Object.values(patches).some((patch) => Object.keys(patch).includes(path.split('.')[0] ?? ''));

const setsAny = (patch: Tree): boolean => leavesOf(patch).length > 0;
