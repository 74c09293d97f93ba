// SPDX-License-Identifier: Apache-2.0
import { jsonSchema } from '@securemail/service';
import type { z } from 'zod';

/** The answer `200`, as JSON. */
export const answer = (description: string, schema: z.ZodType) => ({
  '200': { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } },
});
