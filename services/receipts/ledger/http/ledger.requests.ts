// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { z } from 'zod';
import { Moment } from '../../http/moment.ts';

export const ReplayQuery = z
  .strictObject({
    at: Moment.optional().describe('As it was then: only what was recorded before'),
    leaf: z.coerce
      .number()
      .int()
      .nonnegative()
      .max(Number.MAX_SAFE_INTEGER - 1)
      .optional()
      .describe('As it was once this leaf of the ledger was recorded'),
  })
  .refine(({ at, leaf }) => at === undefined || leaf === undefined, {
    error: 'is not taken with `at`: a moment is one or the other',
    path: ['leaf'],
  });

const leaves = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
export const ConsistencyQuery = z.strictObject({
  former: leaves.describe('Leaves that the ledger had when somebody was shown it'),
  latter: leaves
    .optional()
    .describe(
      'Of the checkpoint with which that is compared, as an export has one; without, the last that was signed',
    ),
});

export const ExportQuery = z
  .strictObject({
    emailId: EmailId.optional().describe('Only what was done with this email'),
    from: Moment.optional().describe('Only what was recorded at this time or later'),
    to: Moment.optional().describe('Only what was recorded before this time'),
    by: z.string().min(1).max(200).describe('Who takes it, for the history'),
    reason: z.string().min(1).max(1_000).describe('Why, for the history'),
  })
  .refine(({ emailId, from, to }) => emailId === undefined || (from === undefined && to === undefined), {
    error: 'is not taken with `from` or `to`: an email is exported whole',
    path: ['emailId'],
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    error: 'is after `from`',
    path: ['to'],
  });
