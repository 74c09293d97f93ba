// SPDX-License-Identifier: Apache-2.0
import type {
  DataOf,
  EmailId,
  HoldReason,
  Obstacle,
  ProtectionMethod,
  RecipientId,
  SmtpReply,
  TlsFacts,
} from '@securemail/contracts';

/** Where one recipient stands; `isSettled` tells where nothing more happens by itself. */
export type RecipientState =
  | { status: 'accepted' }
  | { status: 'protected' }
  | { status: 'attempting'; since: string }
  | { status: 'deferred'; reply: SmtpReply | null; failure: string | null; nextAttemptAt: string }
  | { status: 'outcome-unknown'; at: string; next: 'send-again' | 'hold'; nextAttemptAt: string | null }
  | { status: 'sent'; at: string; reply: SmtpReply; tls: TlsFacts | null }
  | { status: 'bounced'; at: string; reply: SmtpReply | null; failure: string | null }
  /** It lay in SecureMailBox, and whoever reads there says that it is not for him: it is closed. */
  | { status: 'declined'; at: string }
  /** `failure`: of the last try; null where there was a reply, or it is not known. */
  | { status: 'expired'; at: string; failure: string | null }
  | { status: 'held'; at: string; because: Exclude<HoldReason, 'outcome-unknown'> }
  /** A person let it be tried again. */
  | { status: 'released'; since: string }
  | {
      status: 'rejected';
      at: string;
      because: 'rejected-by-person' | 'hold-ended';
      /** Nobody knows whether what was sent before arrived. */
      perhapsSent: boolean;
      /** Who decided, and why; null where nobody did, or it is not to be known any more. */
      by: string | null;
      reason: string | null;
    };

/** A person let it be tried again. */
export interface Release {
  at: string;
  /** Who did, and why; null where that is not to be known any more. */
  by: string | null;
  reason: string | null;
}

export interface Recipient {
  recipientId: RecipientId;
  method: ProtectionMethod | null;
  /**
   * Whether crypto was heard of how it goes, since it was let go last; what delivery says may be heard before. Nothing is
   * planned for mail from outside.
   */
  isPlanned: boolean;
  passedOver: readonly { method: ProtectionMethod; because: Obstacle }[];
  attempts: number;
  state: RecipientState;
  /** How he was settled for the first time, whatever came later; null: he was not yet. */
  settledFirst: { at: string; isSent: boolean } | null;
  /** The last release: the promise of ten minutes is over. */
  released: Release | null;
  /** The last one that corrected the address. */
  corrected: Release | null;
  /** Some attempt may have succeeded without our knowing: the mail may have arrived more than once. */
  mayBeDuplicate: boolean;
  /** When it came to lie in SecureMailBox last, and until when it can be read there; null: it does not. */
  deposit: { at: string; endsAt: string } | null;
  /** Planned for SecureMailBox, and not heard of yet from there; what delivery says may be heard before. */
  awaitsDeposit: boolean;
  /** When the recipient opened it in SecureMailBox first; null: not, or nobody knows. */
  openedAt: string | null;
}

/** Releases so far, by their places among the decisions. */
export interface Tries {
  /** Whom one lets go as they are, and why they were held. */
  letGo: Map<RecipientId, { place: number; because: Exclude<HoldReason, 'outcome-unknown'> }>;
  /** How many of them are not held again for the same reason. */
  waiting: Map<number, number>;
  /** Those after which all were. */
  inVain: Set<number>;
  /** By its place among the holds, to which release a hold belongs that changed nothing. */
  holds: Map<number, number>;
}

export type EmailState = 'accepted' | 'in-progress' | 'sent' | 'partly-sent' | 'held' | 'not-sent';
export const EMAIL_STATES = [
  'accepted',
  'in-progress',
  'sent',
  'partly-sent',
  'held',
  'not-sent',
] as const satisfies EmailState[];

export interface Email {
  emailId: EmailId;
  direction: DataOf<'EmailAccepted'>['direction'];
  acceptedAt: string;
  deadlineAt: string;
  recipients: readonly Recipient[];
  /** The last one that tells of everybody being settled. */
  receipt: {
    issuedAt: string;
    outcome: 'sent' | 'partly-sent' | 'not-sent';
    /** Whether it was a mail of its own. */
    mailed: boolean;
    deliveredAt: string | null;
  } | null;
  /** When the first receipt was issued that is a mail of its own and on its way to the sender still; null: none is. */
  receiptsUnderWaySince: string | null;
  deadlineMissed: boolean;
  /** When the sender was told last that it takes long, or that the deadline was missed. */
  delayToldAt: string | null;
  /** How many times somebody came to be held, and when that was last. */
  holds: number;
  heldAt: string | null;
  /** When what is held is given up; null where nobody is, or that was not told yet. */
  holdEndsAt: string | null;
  /** Decisions about held recipients so far, and reports that a mail did not arrive. */
  decisions: number;
  /** How many times somebody was refused or given up, or was not sent to first because a server did not prove itself. */
  setbacks: number;
  /** When each of the three was, in the order in which they are counted. */
  times: { holds: readonly string[]; decisions: readonly string[]; setbacks: readonly string[] };
  /** Which releases changed nothing. */
  tries: Pick<Tries, 'inVain' | 'holds'>;
  /** How many of the three the sender was told of. */
  told: { holds: number; decisions: number; setbacks: number };
  /** How many decisions there were when he was told last of everybody being settled; null: he was not yet. */
  toldDecisions: number | null;
  /** Reminders of what is held since somebody came to be held last. */
  reminders: number;
  /** When its key was destroyed; null: it was not. */
  erasedAt: string | null;
}
