// SPDX-License-Identifier: Apache-2.0
import { jsonSchema } from '@securemail/service';
import type { z } from 'zod';

/** The answer `200`, as JSON. */
export const answer = (description: string, schema: z.ZodType) => ({
  '200': { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } },
});

/** The parameters of a query, from the schema by which it is read. */
export function parametersOf(schema: z.ZodType) {
  const { properties, required = [] } = jsonSchema(schema, 'input') as {
    properties: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: each,
  }));
}
