// SPDX-License-Identifier: Apache-2.0
import { parse } from 'yaml';
import { pathText, type ConfigProblem } from './config-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { alternatives, childOf, isOpen, isText, keysOf, type SchemaNode } from './schema-tree.ts';

export interface Override {
  variable: string;
  path: (string | number)[];
  value: unknown;
}

/**
 * The settings that the environment overrides. `__` goes one level down, and case does not matter:
 * `SECUREMAIL_INTAKE__HTTP__PORT` is `intake.http.port`, `SECUREMAIL_TENANTS__0__NAME` is `tenants[0].name`.
 *
 * A variable without `__` counts only where it names a setting of the top level: Kubernetes sets
 * `SECUREMAIL_INTAKE_PORT` and the like by itself for a service of that name.
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv,
  prefix: string,
  root: SchemaNode,
): { overrides: Override[]; problems: ConfigProblem[] } {
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  for (const variable of Object.keys(env)
    .filter((name) => name.startsWith(prefix))
    .sort()) {
    const parts = variable.slice(prefix.length).split('__');
    const found = follow(parts, root);
    if ('path' in found) {
      overrides.push({ variable, path: found.path, value: valueOf(env[variable] ?? '', found.node) });
    } else if (parts.length > 1) {
      problems.push({
        path: pathText(found.known),
        where: variable,
        problem: `has no setting ${found.unknown}`,
        right: didYouMean(found.unknown, found.candidates),
      });
    }
  }
  return { overrides, problems };
}

type Followed =
  | { path: (string | number)[]; node: SchemaNode }
  | { known: (string | number)[]; unknown: string; candidates: string[] };

function follow(parts: readonly string[], root: SchemaNode): Followed {
  let node: SchemaNode = root;
  const path: (string | number)[] = [];
  for (const part of parts) {
    const keys = isText(node) ? ['file', ...keysOf(node)] : keysOf(node);
    const isList = alternatives(node).some(({ items }) => items !== undefined);
    const key = isList && /^\d{1,4}$/.test(part) ? Number(part) : (keyFor(part, keys) ?? openKey(part, node));
    if (key === undefined) return { known: path, unknown: part.toLowerCase(), candidates: keys };
    path.push(key);
    node = childOf(node, key) ?? (key === 'file' ? { type: 'string' } : {});
  }
  return { path, node };
}

const plain = (name: string) => name.toLowerCase().replaceAll('_', '');
const keyFor = (part: string, keys: readonly string[]) => keys.find((key) => plain(key) === plain(part));

/** Where the schema takes any name, the variable's own counts, in lower case. */
function openKey(part: string, node: SchemaNode): string | undefined {
  const takesAny = alternatives(node).some((each) => typeof each.additionalProperties === 'object');
  return takesAny || isOpen(node) ? part.toLowerCase() : undefined;
}

/** A text stays as it is; anything else is written as in the file, so that `8025`, `true` and `[a, b]` work. */
function valueOf(text: string, node: SchemaNode): unknown {
  const textOnly = alternatives(node).every(
    ({ type, enum: values }) => type === 'string' || values !== undefined,
  );
  if (textOnly) return text;
  try {
    return parse(text) as unknown;
  } catch {
    return text; // The schema will say what is wrong with it.
  }
}

/** Puts an override in its place, making the groups around it. */
export function applyOverride(settings: Record<string, unknown>, { path, value }: Override): void {
  let group: Record<PropertyKey, unknown> = settings;
  path.forEach((part, index) => {
    if (index === path.length - 1) {
      group[part] = value;
      return;
    }
    const inner = group[part];
    const made =
      typeof inner === 'object' && inner !== null ? inner : typeof path[index + 1] === 'number' ? [] : {};
    group[part] = made;
    group = made as Record<PropertyKey, unknown>;
  });
}
