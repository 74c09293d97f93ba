// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Address } from '../address.ts';
import { ContentRef, Sha256 } from '../content-ref.ts';
import { defineEvent, type Upcaster } from '../define-event.ts';
import { GuardFinding } from '../guards.ts';
import { ProtectedMessageId, RecipientId } from '../ids.ts';
import { ProtectionMethod } from '../protection-method.ts';
import { AddressedRecipient } from './intake.ts';

/** Why a method was not taken for a recipient. */
export const Obstacle = z.enum([
  'not-an-own-domain',
  'no-certificate',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-untrusted',
  'certificate-unsuitable',
  'certificate-revoked',
  'certificate-conflicting',
  'certificate-lookup-failed',
  'no-signing-key',
  'domain-not-found',
  'tls-not-enforceable',
  'tls-lookup-failed',
  'method-forbidden',
  'no-secure-method',
  'content-unreadable',
  'protection-failed',
  'mailbox-not-available',
  'written-in-mailbox',
]);
export type Obstacle = z.infer<typeof Obstacle>;

/** Version 2 has SecureMailBox as the last method; what was planned, held or made before it reads as it is. */
const beforeMailbox: Upcaster = (body) => body;

/** Version 3 knows who is answered in SecureMailBox; what was planned before it reads as it is. */
const beforeAnswers: Upcaster = (body) => body;

/** What leads elsewhere, and never to nobody. */
const ELSEWHERE = 'written-in-mailbox';

/**
 * Why an email is held: what stands in the way, that nobody knows whether it arrived, or that what was written in
 * SecureMailBox would leave the mailbox that it is for.
 */
export const HoldReason = z.enum([
  ...Obstacle.exclude([ELSEWHERE]).options,
  'outcome-unknown',
  'forwards-outside',
]);
export type HoldReason = z.infer<typeof HoldReason>;

export const ProtectionPlanned = defineEvent({
  name: 'ProtectionPlanned',
  service: 'crypto',
  meaning: 'For each recipient, the strongest method that applies, and why no stronger one does.',
  version: 3,
  upcasters: [beforeMailbox, beforeAnswers],
  current: {
    data: z.object({
      messages: z.array(
        z.object({
          protectedMessageId: ProtectedMessageId,
          method: ProtectionMethod,
          recipientIds: z.array(RecipientId).min(1),
        }),
      ),
      recipients: z.array(
        z.object({
          recipientId: RecipientId,
          method: ProtectionMethod.nullable(),
          passedOver: z.array(z.object({ method: ProtectionMethod, because: Obstacle })),
        }),
      ),
    }),
    personal: z.null(),
  },
});

export const EmailProtected = defineEvent({
  name: 'EmailProtected',
  service: 'crypto',
  meaning: 'A protected message lies ready for the recipients that share its method and keys.',
  version: 2,
  upcasters: [beforeMailbox],
  current: {
    data: z.object({
      protectedMessageId: ProtectedMessageId,
      method: ProtectionMethod,
      recipientIds: z.array(RecipientId).min(1),
      content: ContentRef,
      deadlineAt: z.iso.datetime(),
      signature: z
        .object({
          algorithm: z.string(),
          signer: z.enum(['person', 'organisation']),
          certificateSha256: Sha256,
        })
        .nullable(),
      encryption: z
        .object({
          algorithm: z.string(),
          keyEncryption: z.string(),
          certificateSha256: z.array(Sha256).min(1),
        })
        .nullable(),
    }),
    personal: z.object({ mailFrom: Address, recipients: z.array(AddressedRecipient).min(1) }),
  },
});

/**
 * What may be relied on of who signed a mail; of several signers, of the one that counts most. `valid` has no reservation,
 * `valid-but` has at least one.
 */
export const Verdict = z.enum(['valid', 'valid-but', 'invalid', 'not-signed']);
export type Verdict = z.infer<typeof Verdict>;

/** Why a signature is not simply valid, or what else a reader has to know of a mail that came in. */
export const Reservation = z.enum([
  // About a signature, in the words of libs/smime (docs/opening.md).
  'certificate-missing',
  'signature-wrong',
  'content-changed',
  'digest-unknown',
  'digest-not-announced',
  'algorithm-unknown',
  'algorithms-disagree',
  'key-unsuitable',
  'key-usage',
  'signed-attributes-missing',
  'attribute-missing',
  'attribute-repeated',
  'attribute-malformed',
  'other-content-type',
  'other-signing-certificate',
  'signer-info-malformed',
  'weak-digest',
  'weak-key',
  'no-signer',
  'signature-missing',
  'more-parts',
  'cut-off',
  // About its certificate.
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-untrusted',
  'certificate-unsuitable',
  'certificate-revoked',
  'revocation-unknown',
  // About who signed, beside whom the mail is from.
  'no-single-from',
  'from-differs',
  'from-not-signer',
  'sender-is-signer',
  'only-ciphertext-signed',
  // About the encryption.
  'not-opened',
  'unauthenticated-encryption',
  'weak-cipher',
  // About parts that are signed or encrypted by themselves.
  'not-at-the-top',
  // About the way.
  'authentication-failed',
]);
export type Reservation = z.infer<typeof Reservation>;

/** A signature of a mail that came in. */
const ReceivedSignature = z.object({
  /** From the outside in, beginning with 0. */
  layer: z.int().nonnegative(),
  algorithm: z.string(),
  digest: z.string().nullable(),
  certificateSha256: Sha256.nullable(),
  /** As the signer says. */
  signedAt: z.iso.datetime().nullable(),
  verdict: Verdict,
  reservations: z.array(Reservation),
});

/** An encryption of a mail that came in, which was opened. */
const ReceivedEncryption = z.object({
  layer: z.int().nonnegative(),
  algorithm: z.string(),
  keyEncryption: z.string(),
  /** Whose key opened it. */
  certificateSha256: Sha256,
});

/** Version 1 did not tell whether there is a Signature certificate. */
const untoldCertificate: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), certificate: null },
  personal,
});

/** Version 2 said nothing of parts that are signed or encrypted by themselves. */
const untoldParts: Upcaster = (body) => body;

export const EmailOpened = defineEvent({
  name: 'EmailOpened',
  service: 'crypto',
  meaning:
    'A mail from outside was decrypted and verified as far as that goes, marked, and lies ready for own mailboxes.',
  version: 3,
  upcasters: [untoldCertificate, untoldParts],
  current: {
    data: z.object({
      /** The message that own mail servers get. */
      protectedMessageId: ProtectedMessageId,
      recipientIds: z.array(RecipientId).min(1),
      content: ContentRef,
      deadlineAt: z.iso.datetime(),
      verdict: Verdict,
      reservations: z.array(Reservation),
      signatures: z.array(ReceivedSignature),
      /** Empty where it came unencrypted, or could not be opened. */
      encryptions: z.array(ReceivedEncryption),
      /** Why it is delivered as it came, as libs/smime names it; null where it was opened, or nothing was to be. */
      unopened: z.string().nullable(),
      /** Active parts were taken out of doubtful content. */
      neutralised: z.boolean(),
      /** Whether it has a Signature certificate, and why not; null where that was not told yet. */
      certificate: z.enum(['attached', 'no-signing-key', 'not-wanted', 'left-as-it-came']).nullable(),
    }),
    personal: z.object({
      mailFrom: Address.nullable(),
      recipients: z.array(AddressedRecipient).min(1),
      /** The addresses that the certificate of the signer names who counts. */
      signedBy: z.array(z.string()),
    }),
  },
});

export const ProtectionFailed = defineEvent({
  name: 'ProtectionFailed',
  service: 'crypto',
  meaning: 'A planned protected message could not be made; its recipients are held.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      protectedMessageId: ProtectedMessageId,
      recipientIds: z.array(RecipientId).min(1),
      /** What is not available was not planned. */
      because: Obstacle.exclude(['mailbox-not-available', ELSEWHERE]),
    }),
    personal: z.null(),
  },
});

/** Version 2 did not tell when it ends: what the settings said at the time is not known any more. */
const untoldEnd: Upcaster = ({ data, personal }) => ({
  data: { ...(data as object), endsAt: null },
  personal,
});

/** Version 4 holds what was written in SecureMailBox, too; what was held before it reads as it is. */
const beforeForwarding: Upcaster = (body) => body;

export const EmailHeld = defineEvent({
  name: 'EmailHeld',
  service: 'crypto',
  meaning: 'The email is kept safe for these recipients until a named person or rule decides.',
  version: 4,
  upcasters: [beforeMailbox, untoldEnd, beforeForwarding],
  current: {
    data: z.object({
      recipientIds: z.array(RecipientId).min(1),
      because: HoldReason,
      /** When it ends, of these and of all others of the email who are held; null where that was not told yet. */
      endsAt: z.iso.datetime().nullable(),
    }),
    personal: z.null(),
  },
});

/** Version 2 says what guards found in a correction; before, nobody but who decided was told. */
const unguarded: Upcaster = ({ data, personal }) => ({ data: { ...(data as object), guards: [] }, personal });

export const EmailReleased = defineEvent({
  name: 'EmailReleased',
  service: 'crypto',
  meaning:
    'A person decided that held recipients are to be tried again, by the settings and certificates of now; of whom the outcome is unknown, with the message that was made.',
  version: 2,
  upcasters: [unguarded],
  current: {
    data: z.object({
      recipientIds: z.array(RecipientId).min(1),
      keyId: z.string(),
      /** What guards found in the addresses that were corrected. */
      guards: z.array(GuardFinding),
    }),
    personal: z.object({
      by: z.string(),
      reason: z.string(),
      /** Addresses that were corrected. */
      changes: z.array(z.object({ recipientId: RecipientId, address: Address })),
    }),
  },
});

export const ReleaseRefused = defineEvent({
  name: 'ReleaseRefused',
  service: 'crypto',
  meaning:
    'A person wanted held recipients to be tried again at other addresses, which a guard refused: they stay held.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      recipientIds: z.array(RecipientId).min(1),
      keyId: z.string(),
      guards: z.array(GuardFinding).min(1),
    }),
    personal: z.object({
      by: z.string(),
      reason: z.string(),
      /** Addresses that were not taken. */
      changes: z.array(z.object({ recipientId: RecipientId, address: Address })),
    }),
  },
});

export const EmailRejected = defineEvent({
  name: 'EmailRejected',
  service: 'crypto',
  meaning:
    'Held recipients do not get the email, for good: a person decided so, or the time to decide is over.',
  version: 1,
  upcasters: [],
  current: {
    data: z.object({
      recipientIds: z.array(RecipientId).min(1),
      because: z.enum(['rejected-by-person', 'hold-ended']),
      keyId: z.string().nullable(),
    }),
    /** Null where nobody decided. */
    personal: z.object({ by: z.string(), reason: z.string() }).nullable(),
  },
});
