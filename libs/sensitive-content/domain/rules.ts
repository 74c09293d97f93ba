// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { patternFinder, RefusedPatternError } from './find-pattern.ts';

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Half of a pair can't be stored, nor be written into a log; others end a line, or turn what stands around it round. */
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** What a rule is called wherever its findings are told, also in logs. */
const name = z
  .string()
  .min(1)
  .max(100)
  .refine((value) => !CONTROL.test(value), 'has control characters');

const word = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => LETTER_OR_DIGIT.test(value), 'has neither a letter nor a digit');

const pattern = z
  .string()
  .min(1)
  .max(1_000)
  .superRefine((value, context) => {
    try {
      patternFinder(value);
    } catch (error) {
      if (!(error instanceof RefusedPatternError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

/** One rule of a tenant. */
export const ruleSchema = z.discriminatedUnion('kind', [
  /** Danish CPR numbers (`findCpr`). */
  z.strictObject({ name, kind: z.literal('cpr') }),
  /** Any of these whole words, or rows of words, without regard to case. */
  z.strictObject({ name, kind: z.literal('words'), words: z.array(word).min(1).max(1_000) }),
  /** A regular expression in the syntax of RE2 (`patternFinder`). */
  z.strictObject({
    name,
    kind: z.literal('pattern'),
    pattern,
    /** How many different texts in one mail must match before the rule counts. 1 where it is not given. */
    atLeast: z.number().int().min(1).max(1_000).optional(),
  }),
]);

/** The rules of a tenant, each with a name of its own. An issue's path leads to what is wrong, its message says why. */
export const rulesSchema = z
  .array(ruleSchema)
  .max(100)
  .superRefine((rules, context) => {
    const names = new Set<string>();
    for (const [i, rule] of rules.entries()) {
      if (names.has(rule.name)) {
        context.addIssue({ code: 'custom', path: [i, 'name'], message: 'another rule has this name' });
      }
      names.add(rule.name);
    }
  });

export type Rule = z.infer<typeof ruleSchema>;
