// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { pathText, type ConfigProblem } from './config-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { describe, keysOf, nodeAt, type SchemaNode } from './schema-tree.ts';
import { soundsSecret } from './secret.ts';

export interface Findings {
  settings: unknown;
  root: SchemaNode;
  where: (path: readonly PropertyKey[]) => string;
}

type Issue = z.core.$ZodIssue;

/** Tells each fault that a schema found, with the place it stands and what would be right there. */
export function problemsOf(issues: readonly Issue[], findings: Findings): ConfigProblem[] {
  const problems = issues.flatMap((issue) => problemsOfOne(issue, findings));
  // A list has a length too: the schema complains of it twice where a text of some length was wanted.
  return problems.filter(
    (one, index) =>
      problems.findIndex(({ path, problem }) => path === one.path && problem === one.problem) === index,
  );
}

function problemsOfOne(issue: Issue, findings: Findings): ConfigProblem[] {
  const { settings, root, where } = findings;
  const at = { path: pathText(issue.path), where: where(issue.path) };
  const node = nodeAt(root, issue.path) ?? {};
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      where: where([...issue.path, key]),
      problem: 'is not a setting',
      right: didYouMean(key, keysOf(node)),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = nearestBranch(issue.errors);
    if (branch !== undefined) {
      const nested = branch.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
      return problemsOf(nested, findings);
    }
  }
  // A refinement speaks in a sentence of its own; every other message of a schema is what would be right.
  if (issue.code === 'custom' && issue.message !== '') {
    return [{ ...at, problem: `is refused: ${issue.message}`, right: null }];
  }
  const value = valueAt(settings, issue.path);
  return [
    {
      ...at,
      problem: value === undefined ? 'is missing' : `is ${quoted(value, issue, node)}`,
      right: issue.message === '' ? describe(node) : issue.message,
    },
  ];
}

/** The alternative that was meant: the one whose faults lie inside the value, not in what kind of value it is. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches
    .filter((issues) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
    .toSorted((a, b) => a.length - b.length)[0];
}

export function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    settings,
  );
}

/** Quotes a text only where a number, a switch or one of a few words was wanted, and never a likely secret. */
function quoted(value: unknown, issue: Issue, node: SchemaNode): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a group of settings';
  if (soundsSecret(issue.path) || node.secret === true) return 'not acceptable';
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value === '') return 'empty';
  const shortWord = value.length <= 40 && /^[\w .:/-]+$/.test(value);
  const wordWanted = issue.code === 'invalid_value' || issue.code === 'invalid_union';
  const otherKind =
    issue.code === 'invalid_type' && issue.expected !== 'object' && issue.expected !== 'array';
  return shortWord && (wordWanted || otherKind) ? JSON.stringify(value) : 'not acceptable';
}
