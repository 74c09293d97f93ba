// SPDX-License-Identifier: Apache-2.0
import { secret } from '@securemail/config';
import { z } from 'zod';
import { isHttps } from './is-https.ts';

/** By which readers of SecureMailBox get a code beside the one by mail: text messages (SMS). */
export const SecondChannel = z.strictObject({
  /** File of the readers' mobile numbers, `address,+4512345678` on each line; read again when it changes. */
  numbersFile: z.string().min(1),
  /** What sends a text message when it is posted to. */
  gateway: z.strictObject({
    /** Wherever the operator has it, in a private network, too. */
    url: z.url({ protocol: /^https?$/ }).refine(isHttps, 'https (http only for this machine itself)'),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,76}$/, 'the name of a header field'), secret())
      .default({}),
    contentType: z
      .enum(['application/json', 'application/x-www-form-urlencoded'])
      .default('application/json'),
    /** In it `{number}` (E.164) and `{text}` stand for what is sent, written as the content type has it. */
    body: z
      .string()
      .refine(
        (body) => body.includes('{number}') && body.includes('{text}'),
        'with {number} and {text} where they belong',
      ),
    /** For each try. */
    timeoutSeconds: z.number().positive().max(60).default(10),
    tries: z.int().min(1).max(3).default(2),
  }),
});
export type SecondChannelOfTenant = z.output<typeof SecondChannel>;
