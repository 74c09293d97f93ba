// SPDX-License-Identifier: Apache-2.0
import { readAddress, type Address } from '@securemail/contracts';
import { parseAddresses, type Mailbox } from '@securemail/mime';
import { saysWhatItMeans } from '@securemail/mime';
import { z } from 'zod';

/** A mailbox of which the address is fit for an envelope. */
export type CheckedMailbox = Mailbox & { address: Address };

const MailboxShape = z.union([
  z.string().describe('`anna@demo.example` or `Anna Ager <anna@demo.example>`'),
  z.strictObject({ address: z.string(), name: z.string().optional() }),
]);
type MailboxShape = z.infer<typeof MailboxShape>;

/** How the messages about addresses begin. */
export const ADDRESS_FAULT = 'the address ';
const CONTROL = /[\u0000-\u001f\u007f]/;
/**
 * A name and an address beside it. An address alone is read as it stands, as `POST /v1/recipients/check` does: the grammar
 * of headers makes a group of `bo:pw@citizen.example`, and finds somebody in `mailto:…`, `<<…>>` and `(c)bo@…`, which are slips.
 */
const NAME_AND_ADDRESS = /^(?:"(?:[^"\\]|\\.)*"|[^"<>:;])*<(?<address>[^<>]*)>\s*$/u;

function readMailbox(input: MailboxShape, context: z.RefinementCtx, path: PropertyKey[]): CheckedMailbox {
  const refuse = (reason: string) => {
    context.issues.push({ code: 'custom', input, message: `${ADDRESS_FAULT}${reason}`, path });
    return z.NEVER;
  };
  if (typeof input === 'string' && !saysWhatItMeans(input)) return refuse('is not exactly one mailbox');
  const mailboxes = typeof input === 'string' ? mailboxesIn(input) : [input];
  const [first, ...more] = mailboxes;
  if (first === undefined || more.length > 0) return refuse('is not exactly one mailbox');
  const read = readAddress(first.address);
  if (!read.ok) return refuse(read.reason);
  if (CONTROL.test(first.name ?? '')) return refuse('has a name with a control character');
  return { ...(first.name === undefined ? {} : { name: first.name }), address: read.address };
}

function mailboxesIn(text: string): { address: string; name?: string | undefined }[] {
  if (!text.includes('<')) return [{ address: text }];
  const address = NAME_AND_ADDRESS.exec(text)?.groups?.['address'];
  return address === undefined ? [] : parseAddresses(text).map((mailbox) => ({ ...mailbox, address }));
}

const oneMailbox = MailboxShape.transform((input, context) => readMailbox(input, context, []));
const mailboxes = z
  .union([MailboxShape, z.array(MailboxShape)])
  .default([])
  .transform((input, context) =>
    Array.isArray(input)
      ? input.map((each, index) => readMailbox(each, context, [index]))
      : [readMailbox(input, context, [])],
  );

/** `POST /v1/emails` as JSON. */
export const EmailRequest = z.strictObject({
  from: oneMailbox,
  to: mailboxes,
  cc: mailboxes,
  bcc: mailboxes,
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
  expiresAt: z.iso
    .datetime({ offset: true, abort: true })
    .refine((time) => Date.parse(time) > Date.now(), 'a time to come')
    .optional()
    .describe('Until when it can be read in SecureMailBox; written into the mail as `Expires`'),
  secure: z
    .boolean()
    .default(true)
    .describe("False: whether it is protected all the same or refused is the tenant's choice"),
});
export type EmailRequest = z.output<typeof EmailRequest>;
