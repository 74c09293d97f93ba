// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

/** As JSON.stringify escapes them: U+0000, and a surrogate without its other half. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Whether what JSON.stringify wrote holds what PostgreSQL's jsonb can't. */
export const isUnstorable = (json: string): boolean => UNSTORABLE.test(json);

/** The same in a text as it is. PostgreSQL has no place for the first one in a text either. */
const UNSTORABLE_TEXT = /\0|\p{Surrogate}/u;

/** For `superRefine`: names each text within a value, or name of a field, that PostgreSQL can't hold. */
export function storable(value: unknown, context: z.core.$RefinementCtx): void {
  for (const path of pathsOfUnstorable(value))
    context.addIssue({
      code: 'custom',
      path,
      message: 'has a character in it that can not be stored (U+0000, or half of one)',
    });
}

function pathsOfUnstorable(value: unknown): PropertyKey[][] {
  if (typeof value === 'string') return UNSTORABLE_TEXT.test(value) ? [[]] : [];
  if (Array.isArray(value))
    return value.flatMap((each, index) => pathsOfUnstorable(each).map((path) => [index, ...path]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    (UNSTORABLE_TEXT.test(key) ? [[]] : pathsOfUnstorable(each)).map((path) => [key, ...path]),
  );
}
