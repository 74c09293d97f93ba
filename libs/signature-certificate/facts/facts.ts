// SPDX-License-Identifier: Apache-2.0
import { EmailId, ProtectionMethod, Sha256, TenantId } from '@securemail/contracts';
import { z } from 'zod';
import { EncryptionFacts, SignatureFacts } from './signature-facts.ts';
import { text } from './text.ts';
import { UnopenedFacts } from './unopened-facts.ts';

/** Where a mail is on its way. */
export const Station = z.enum([
  'sender',
  'sender-server',
  'gateway',
  'own-server',
  'recipient-server',
  'mailbox',
  'recipient',
]);
export type Station = z.infer<typeof Station>;

/** How a leg of the way is protected, besides what protects the mail itself. */
export const LegProtection = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('tls'),
    /** Null where the leg is still to come: TLS 1.2 or newer then. */
    protocol: text(40).nullable(),
    cipher: text(80).nullable(),
    /** By what it was certain whose server it is; null where it was not. `enforced`: one of the first three, or it does not go. */
    verifiedBy: z.enum(['pinned', 'dane', 'mta-sts', 'enforced', 'own-servers', 'client']).nullable(),
  }),
  z.object({ by: z.literal('smime') }),
  /** It does not leave the gateway: it is read there, over HTTPS, by who has signed in. */
  z.object({ by: z.literal('kept-encrypted') }),
  z.object({ by: z.literal('none') }),
  z.object({ by: z.literal('unknown') }),
]);
export type LegProtection = z.infer<typeof LegProtection>;

export const Leg = z.object({
  from: Station,
  to: Station,
  /** Of the server at the other end, as it may be shown. */
  host: text(255).nullable(),
  protection: LegProtection,
});
export type Leg = z.infer<typeof Leg>;

/** What a reader learns at a glance. */
export const Summary = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sent'), method: ProtectionMethod }),
  z.object({
    kind: z.literal('received'),
    verdict: z.enum(['valid', 'valid-but', 'invalid', 'not-signed']),
    /** `smime`: encrypted itself. `tls`: over an encrypted connection. `mailbox`: written in SecureMailBox. */
    arrival: z.enum(['smime', 'tls', 'mailbox', 'insecure']),
  }),
]);
export type Summary = z.infer<typeof Summary>;

/** A result of RFC 8601 §2.7, such as `pass`, and the domain that it is about. */
const Result = z.object({ result: text(20), domain: text(255).nullable() });

export const Authentication = z.object({
  spf: Result.nullable(),
  dkim: z.array(Result).max(10),
  dmarc: Result.nullable(),
  arc: Result.nullable(),
});
export type Authentication = z.infer<typeof Authentication>;

/** The MIME entity that the certificate is about: see `digestOfEntity`. */
export const EntityDigest = z.object({ sha256: Sha256, octets: z.int().nonnegative() });
export type EntityDigest = z.infer<typeof EntityDigest>;

/** Authors that a certificate names: with one left out it would be about another mail. */
export const MOST_AUTHORS = 1_000;

/**
 * All that a Signature certificate says; what is signed is this, its keys in this order. Neither subject nor content
 * is in it, and only addresses that whoever reads the mail may know.
 */
export const SignatureCertificateFacts = z.object({
  version: z.literal(1),
  emailId: EmailId,
  tenantId: TenantId,
  /** The organisation that says so; its key names the domain. */
  organisation: z.object({ name: text(200), domain: text(253) }),
  direction: z.enum(['outbound', 'internal', 'inbound']),
  madeAt: z.iso.datetime(),
  /** Addresses without names, as they may be shown. */
  from: z.array(text(320)).max(MOST_AUTHORS),
  to: z.array(text(320)).max(1_000),
  messageId: text(998).nullable(),
  summary: Summary,
  /** In order, from the sender to the reader. */
  legs: z.array(Leg).max(10),
  /** From the outside in. */
  signatures: z.array(SignatureFacts).max(20),
  encryption: z.array(EncryptionFacts).max(8),
  /** Null where the mail did not come from outside. */
  authentication: Authentication.nullable(),
  /** Codes: see `Reservation`. One that is not known here is shown as it is. */
  reservations: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
        .max(60),
    )
    .max(40),
  /** Absent where it was opened, or nothing was to be. */
  unopened: UnopenedFacts.optional(),
  entity: EntityDigest,
});
export type SignatureCertificateFacts = z.infer<typeof SignatureCertificateFacts>;
