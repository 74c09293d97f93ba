// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { effectiveFor, type Base, type EffectiveLeaf, type Origin } from './effective.ts';
import { scopeText, type Scope } from './scope.ts';
import type { State } from './state.ts';
import { pathText, treeOf } from './tree.ts';

/** Why settings can't be used. */
export interface Fault {
  /** For whom: `tenant`, `domains/…`, `people/…`. */
  scope: string;
  /** `holding.remindAfterHours`; empty where it is about no single setting. */
  path: string;
  /** In words, and where what contradicts comes from. */
  message: string;
}

/** What makes settings good ones. */
export interface Rulebook<Policy> {
  schema: z.ZodType<Policy>;
  /** Groups that are the same for everybody: set for the organisation, and looked at for it alone. */
  ofTenantAlone?: readonly string[];
  /** Why nothing could ever be sent under a policy; none where something could. */
  impossible: (policy: Policy, scope: Scope) => readonly Pick<Fault, 'path' | 'message'>[];
}

export type Judged<Policy> = { ok: true; policy: Policy } | { ok: false; faults: Fault[] };

/** The policy of a scope, from all that it inherits; or every reason why there is none. */
export function judge<Policy>(
  { schema, impossible, ofTenantAlone = [] }: Rulebook<Policy>,
  scope: Scope,
  base: Base,
  state: State,
): Judged<Policy> {
  const leaves = effectiveFor(scope, base, state, scope.kind === 'tenant' ? [] : ofTenantAlone);
  const read = schema.safeParse(treeOf(leaves));
  const found = read.success
    ? impossible(read.data, scope)
    : read.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not a setting' }))
          : [{ path: pathText(issue.path), message: issue.message }],
      );
  if (read.success && found.length === 0) return { ok: true, policy: read.data };
  const faults = found.map(({ path, message }) => ({
    scope: scopeText(scope),
    path,
    message: [message, ...evidence(path, leaves)].join('; '),
  }));
  return { ok: false, faults };
}

const MOST_EVIDENCE = 10;

/** What stands at the path and beside it, and where that comes from: one of them has to be changed. */
function evidence(path: string, leaves: readonly EffectiveLeaf[]): string[] {
  const parts = path.split('.');
  const group = parts.slice(0, Math.max(1, parts.length - 1));
  return leaves
    .filter((leaf) => group.every((part, index) => leaf.path[index] === part) && leaf.value !== undefined)
    .slice(0, MOST_EVIDENCE)
    .map((leaf) => `${pathText(leaf.path)} is ${JSON.stringify(leaf.value)} (${originText(leaf.origin)})`);
}

/** `factory`, `file`, `tenant, version 3`, `domain demo.example, version 4`. */
export function originText({ layer, of, since }: Origin): string {
  const name = of === null ? layer : `${layer} ${of}`;
  return since === null ? name : `${name}, version ${since.version}`;
}
