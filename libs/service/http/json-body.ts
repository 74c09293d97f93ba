// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import type { z } from 'zod';
import { faultsOf } from './faults-of.ts';
import { Problem } from './problem.ts';
import { wholeBody } from './whole-body.ts';

/** Octets; what administers is small. */
const MAX_OCTETS = 256 * 1_024;

/**
 * A small JSON body that fits the schema.
 *
 * @param whenEmpty stands for no body at all, where a call needs to say nothing.
 * @throws Problem `unsupported-media-type`, `malformed-json`, `invalid-request`, and as {@link wholeBody}
 */
export async function jsonBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  { whenEmpty }: { whenEmpty?: z.input<Schema> } = {},
): Promise<z.output<Schema>> {
  if (request.is('application/json') === false)
    throw new Problem('unsupported-media-type', 'Send the body as application/json.');
  const octets = await wholeBody(request, MAX_OCTETS);
  let body: unknown;
  try {
    body = octets.length === 0 && whenEmpty !== undefined ? whenEmpty : JSON.parse(octets.toString('utf8'));
  } catch {
    throw new Problem('malformed-json', 'The body is no JSON, or is cut off.');
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const errors = faultsOf(read.error, 'is not a field of this request');
  throw new Problem('invalid-request', `${errors.length} field(s) are wrong.`, { errors });
}
