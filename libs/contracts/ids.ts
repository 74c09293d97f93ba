// SPDX-License-Identifier: Apache-2.0
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

/**
 * A UUIDv7 (RFC 9562 §5.7): sorts by the time it was made. Read as it may be typed, in capitals, too (§4); known in lower
 * case alone.
 */
const uuid7 = z.uuidv7().toLowerCase();

/** Names one accepted submission, through every service, trace and receipt. */
export const EmailId = uuid7.brand<'EmailId'>();
export type EmailId = z.infer<typeof EmailId>;

/** Names one event; a consumer that has seen it does nothing the second time. */
export const EventId = uuid7.brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;

/** Names one stored content in the vault. */
export const ContentId = uuid7.brand<'ContentId'>();
export type ContentId = z.infer<typeof ContentId>;

/** Names one try to hand a protected message to one next hop. */
export const AttemptId = uuid7.brand<'AttemptId'>();
export type AttemptId = z.infer<typeof AttemptId>;

/** A customer organisation, as its configuration names it. */
export const TenantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a tenant id is 1 to 63 of a-z, 0-9 and "-"')
  .brand<'TenantId'>();
export type TenantId = z.infer<typeof TenantId>;

/** Names a recipient within its email without naming the person: `r1`, `r2`, …; `sender` receives the receipt. */
export const RecipientId = z
  .string()
  .regex(/^(r[1-9][0-9]{0,5}|sender)$/)
  .brand<'RecipientId'>();
export type RecipientId = z.infer<typeof RecipientId>;

/** Names a protected message within its email: `m1`, `m2`, …; `receipt` is the mail that tells the sender. */
export const ProtectedMessageId = z
  .string()
  .regex(/^(m[1-9][0-9]{0,5}|receipt)$/)
  .brand<'ProtectedMessageId'>();
export type ProtectedMessageId = z.infer<typeof ProtectedMessageId>;

export const newEmailId = (): EmailId => uuidv7() as EmailId;
/** When it was handed in, by its id (RFC 9562 §5.7). */
export const handedInAt = (emailId: EmailId): Date =>
  new Date(Number.parseInt(emailId.replaceAll('-', '').slice(0, 12), 16));
export const newEventId = (): EventId => uuidv7() as EventId;
export const newContentId = (): ContentId => uuidv7() as ContentId;
export const newAttemptId = (): AttemptId => uuidv7() as AttemptId;
export const recipientId = (ordinal: number): RecipientId => RecipientId.parse(`r${ordinal}`);
export const protectedMessageId = (ordinal: number): ProtectedMessageId =>
  ProtectedMessageId.parse(`m${ordinal}`);
export const SENDER_RECIPIENT = 'sender' as RecipientId;
export const RECEIPT_MESSAGE = 'receipt' as ProtectedMessageId;
