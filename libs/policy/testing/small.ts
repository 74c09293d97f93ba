// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Base } from '../effective.ts';
import type { Rulebook } from '../judge.ts';

/** Settings small enough to see through, of every shape there is. */
export const Small = z.strictObject({
  ask: z.enum(['protect', 'refuse']).default('protect'),
  methods: z.array(z.enum(['a', 'b'])).default([]),
  holding: z
    .strictObject({ remind: z.number().positive().default(2), end: z.number().positive().default(7) })
    .refine(({ remind, end }) => remind < end, { path: ['remind'], message: 'before `end`' })
    .prefault({}),
});
export type Small = z.output<typeof Small>;

export const BASE: Base = { factory: Small.parse({}), file: { ask: 'refuse' } };

export const RULES: Rulebook<Small> = {
  schema: Small,
  impossible: ({ methods }) =>
    methods.length === 2 ? [{ path: 'methods', message: 'not all of them: nothing could ever be sent' }] : [],
};
