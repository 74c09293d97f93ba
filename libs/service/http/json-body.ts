// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import type { z } from 'zod';
import { faultsOf } from './faults-of.ts';
import { Problem } from './problem.ts';

/** Octets; what administers is small. */
const MAX_OCTETS = 256 * 1_024;

/**
 * A small JSON body that fits the schema.
 *
 * @throws Problem `unsupported-media-type`, `message-too-large`, `malformed-json`, `invalid-request`
 */
export async function jsonBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  if (request.is('application/json') === false)
    throw new Problem('unsupported-media-type', 'Send the body as application/json.');
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    octets += (chunk as Buffer).length;
    if (octets > MAX_OCTETS) throw new Problem('message-too-large', `At most ${MAX_OCTETS} octets.`);
    chunks.push(chunk as Buffer);
  }
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Problem('malformed-json', 'The body is no JSON, or is cut off.');
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const errors = faultsOf(read.error, 'is not a field of this request');
  throw new Problem('invalid-request', `${errors.length} field(s) are wrong.`, { errors });
}
