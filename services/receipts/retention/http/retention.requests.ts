// SPDX-License-Identifier: Apache-2.0
import { EmailId } from '@securemail/contracts';
import { plainLine } from '@securemail/service';
import { z } from 'zod';
import { soughtAddress } from '../../console/domain/sought.ts';

const Words = {
  by: plainLine().min(1, 'the name is missing').max(200).describe('The name of the person who does it'),
  reason: plainLine().min(1, 'the reason is missing').max(1_000).describe('Why, in words, for the history'),
};

export const ErasureRequest = z.strictObject({
  ...Words,
  emailId: EmailId.describe('What is to be erased'),
  dryRun: z.boolean().default(false).describe('Only say what would be done'),
});

export const HoldRequest = z
  .strictObject({
    ...Words,
    emailId: EmailId.optional().describe('This email'),
    address: z
      .string()
      .max(300)
      .transform((text, context) => {
        const sought = soughtAddress(text.trim());
        if (sought !== null) return sought;
        context.issues.push({ code: 'custom', input: text, message: 'is an address, or "@" and a domain' });
        return z.NEVER;
      })
      .optional()
      .describe('All emails from or to this address, or (`@domain`) everybody there, and those yet to come'),
    everything: z.literal(true).optional().describe('All emails of the organisation'),
  })
  .refine(
    ({ emailId, address, everything }) =>
      [emailId, address, everything].filter((each) => each !== undefined).length === 1,
    { error: 'one of emailId, address and everything says what it covers', path: ['emailId'] },
  );

export const LiftRequest = z.strictObject(Words);

export const HoldsQuery = z.strictObject({
  lifted: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('With those that hold no more'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional().describe('The `next` of the page before'),
});

const moment = z.iso.datetime();
export const ErasureAnswer = z.object({
  emailId: z.uuid(),
  erasedAt: moment.nullable().describe('Null: it would be (`dryRun`)'),
  wasErased: z
    .boolean()
    .describe('It had been before; a key that a restored vault has again is destroyed again'),
});
export type ErasureAnswer = z.infer<typeof ErasureAnswer>;

export const HoldAnswer = z.object({
  holdId: z.uuid(),
  covers: z.enum(['email', 'address', 'domain', 'everything']),
  emailId: z.uuid().nullable(),
  address: z.string().nullable().describe('The address, or `@` and the domain'),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  placedAt: moment,
  liftedAt: moment.nullable().describe('Null: it holds'),
});
export type HoldAnswer = z.infer<typeof HoldAnswer>;

export const RetentionAnswer = z.object({
  keepDays: z
    .number()
    .nullable()
    .describe('Days from the end of an email until it is erased; null: until somebody erases it'),
  due: z
    .int()
    .describe('Emails that the next pass erases, 10,000 at most; none where nothing is erased by itself'),
  legalHolds: z.int().describe('That hold, 200 at most'),
});
export type RetentionAnswer = z.infer<typeof RetentionAnswer>;
