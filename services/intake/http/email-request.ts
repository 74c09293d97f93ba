// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { parseAddresses, type Mailbox } from '@securemail/mime';
import { z } from 'zod';

/** A mailbox of which the address is fit for an envelope. */
export type CheckedMailbox = Mailbox & { address: Address };

const MailboxInput = z
  .union([
    z.string().describe('`anna@demo.example` or `Anna Ager <anna@demo.example>`'),
    z.strictObject({ address: z.string(), name: z.string().optional() }),
  ])
  .transform((input, context): CheckedMailbox => {
    const mailboxes: readonly { address: string; name?: string | undefined }[] =
      typeof input === 'string' ? parseAddresses(input) : [input];
    const [first, ...more] = mailboxes;
    const read = first === undefined || more.length > 0 ? null : readAddress(first.address);
    if (read?.ok === true) {
      return { ...(first?.name === undefined ? {} : { name: first.name }), address: read.address };
    }
    const reason = read === null ? 'is not exactly one mailbox' : read.reason;
    context.issues.push({
      code: 'custom',
      input,
      message: `the address ${reason}`,
      params: { problem: 'invalid-address' },
    });
    return z.NEVER;
  });

const oneOrMany = z.union([MailboxInput.transform((one) => [one]), z.array(MailboxInput)]);

/** `POST /v1/emails` as JSON. */
export const EmailRequest = z.strictObject({
  from: MailboxInput,
  to: oneOrMany.default([]),
  cc: oneOrMany.default([]),
  bcc: oneOrMany.default([]),
  subject: z.string().max(2_000).default(''),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: z
    .array(
      z.strictObject({
        filename: z.string().min(1).max(255),
        contentType: z.string().default('application/octet-stream'),
        content: z.base64().describe('Base64 (RFC 4648 §4)'),
      }),
    )
    .max(1_000)
    .default([]),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('Header fields of your own, such as `In-Reply-To`'),
  secure: z
    .boolean()
    .default(true)
    .describe("False: whether it is protected all the same or refused is the tenant's choice"),
});
export type EmailRequest = z.output<typeof EmailRequest>;
