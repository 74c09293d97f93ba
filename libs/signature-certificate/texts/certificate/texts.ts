// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';
import type { Station, Summary, LegProtection } from '../../facts/facts.ts';
import type { CertificateJudgement, Revocation } from '../../facts/signature-facts.ts';
import type { Reservation } from '../reservation.ts';

type Received = Extract<Summary, { kind: 'received' }>;
type VerifiedBy = NonNullable<Extract<LegProtection, { by: 'tls' }>['verifiedBy']>;

/** Why a mail could not be opened, as far as it matters to who is to do something about it. */
export type UnopenedReason =
  | 'other-keys'
  | 'no-key'
  | 'forwards-outside'
  | 'damaged'
  | 'too-many-layers'
  | 'weak'
  | 'doubtful'
  | 'unreadable';

/** Everything that a Signature certificate says, in one language. `%x` stands for what it is about. */
export interface Texts {
  /** Of the document, and of its file: in ASCII. */
  title: string;
  sent: Record<ProtectionMethod, { headline: string; explanation: string }>;
  verdict: Record<Received['verdict'], { headline: string; explanation: string }>;
  /** How it came in, behind the verdict. */
  arrival: Record<Received['arrival'], { headline: string; explanation: string }>;
  unopenedHeadline: string;
  unopened: Record<UnopenedReason, { explanation: string; toDo: string }>;
  headings: Record<
    | 'overview'
    | 'unopened'
    | 'way'
    | 'reservations'
    | 'details'
    | 'signature'
    | 'encryption'
    | 'authentication'
    | 'identification',
    string
  >;
  labels: Record<
    | 'from'
    | 'to'
    | 'when'
    | 'signature'
    | 'signedBy'
    | 'claimedBy'
    | 'issuedBy'
    | 'direction'
    | 'algorithm'
    | 'key'
    | 'signingTime'
    | 'holder'
    | 'names'
    | 'issuer'
    | 'serial'
    | 'fingerprint'
    | 'validity'
    | 'judgement'
    | 'revocation'
    | 'problems'
    | 'contentEncryption'
    | 'keyEncryption'
    | 'recipientCertificates'
    | 'emailId'
    | 'messageId'
    | 'digest'
    | 'octets'
    | 'madeAt'
    | 'reservationCodes'
    | 'encryptedFor'
    | 'keyIdentifier'
    | 'keysTried'
    | 'toDo',
    string
  >;
  direction: Record<'outbound' | 'internal' | 'inbound', string>;
  station: Record<Station, string>;
  protection: {
    smime: string;
    keptEncrypted: string;
    none: string;
    unknown: string;
    /** `%p` protocol, `%c` cipher. */
    tls: string;
    tlsToCome: string;
    verifiedBy: Record<VerifiedBy, string>;
    notVerified: string;
  };
  by: Record<'person' | 'organisation' | 'unknown', string>;
  judgement: Record<CertificateJudgement, string>;
  revocation: Record<Revocation, string>;
  verified: Record<'true' | 'false', string>;
  reservation: Record<Reservation, string>;
  /** `%d` a day. */
  until: string;
  /** `%n` bits. */
  bits: string;
  more: string;
  nobody: string;
  /** What to do with the document; `%o` the organisation. */
  note: string;
  /** What a paper or a screen does not prove. */
  proof: string;
}
