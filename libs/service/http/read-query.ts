// SPDX-License-Identifier: Apache-2.0
import { storable } from '@securemail/contracts';
import { z } from 'zod';
import { unknownCursor } from './cursor.ts';
import { faultsOf } from './faults-of.ts';
import { Problem } from './problem.ts';

/**
 * The parameters of a request that fit the schema, and which the database can be asked for.
 *
 * @param unknown what is said of one that the schema does not know.
 * @throws Problem `invalid-request`, or `invalid-cursor` where nothing else is wrong
 */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: unknown,
  unknown = 'is not a parameter of this list',
): z.output<Schema> {
  // Before the schema makes something else of them: a parameter is called as it was asked.
  const read = z.unknown().superRefine(storable).pipe(schema).safeParse(query);
  if (read.success) return read.data;
  const errors = faultsOf(read.error, unknown);
  const { cursor = null } = query as { cursor?: unknown };
  if (typeof cursor === 'string' && errors.every(({ path }) => path === 'cursor')) throw unknownCursor();
  throw new Problem('invalid-request', `${errors.length} parameter(s) are wrong.`, { errors });
}
