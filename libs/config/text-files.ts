// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from 'node:fs';
import { whyNotPrivate } from './private-file.ts';
import { childOf, isSecret, isText, type SchemaNode } from './schema-tree.ts';

/**
 * Replaces each `{ file: /run/secrets/x }` that stands where a text is wanted by the text of that file, without the
 * newline at its end. `report` hears of files that cannot be read, and of those with a `secret()` that others may read; `remember` of every place that was filled so.
 */
export function readTextFiles(
  value: unknown,
  node: SchemaNode | undefined,
  path: readonly PropertyKey[],
  notes: {
    report: (path: readonly PropertyKey[], problem: string, right: string) => void;
    remember: (path: readonly PropertyKey[]) => void;
  },
): unknown {
  if (typeof value !== 'object' || value === null || node === undefined) return value;
  const child = (part: PropertyKey, inner: unknown) =>
    readTextFiles(inner, childOf(node, part), [...path, part], notes);
  if (Array.isArray(value)) return value.map((each, index) => child(index, each));
  if (isText(node) && 'file' in value && typeof value.file === 'string' && Object.keys(value).length === 1) {
    notes.remember(path);
    try {
      const fault = isSecret(node) ? whyNotPrivate(value.file, statSync(value.file).mode) : null;
      if (fault !== null) {
        notes.report(
          path,
          `names the file ${value.file}, which ${fault}`,
          'a file that is its owner’s alone',
        );
        return UNREAD;
      }
      return readFileSync(value.file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      notes.report(
        path,
        `names the file ${value.file}, which cannot be read (${code})`,
        'the path of a readable file',
      );
      return UNREAD;
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, child(key, each)]));
}

/** Stands for the text of an unreadable file, whose problem is told already. */
export const UNREAD = Symbol('unread');
