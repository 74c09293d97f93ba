// SPDX-License-Identifier: Apache-2.0
import type { ProtectionMethod } from '@securemail/contracts';
import type { Ours } from '../unproven.ts';

/** The one thing that a mail to the sender says. */
export type Headline =
  | 'sent'
  | 'partly-sent'
  /** Sent to some, and of others it is not known. */
  | 'partly-perhaps-sent'
  /** It is not known whether it arrived with anybody. */
  | 'perhaps-sent'
  | 'not-sent'
  | 'still-held'
  /** Nobody is held but of unknown outcome. */
  | 'still-perhaps-sent'
  | 'under-way'
  /** Somebody is held, and somebody else under way. */
  | 'partly-held'
  /** Somebody does not get it, and somebody else is under way. */
  | 'partly-not-sent'
  /** Of who is settled and was not sent to it is not known, and somebody else is under way. */
  | 'partly-unknown'
  | 'deadline-missed'
  /** Whom it was not sent to, from those its sender took it back. */
  | 'withdrawn'
  /** Somebody opened it, and says that it is not for him. */
  | 'read-by-another'
  /** Whom it did not reach say so without having opened it. */
  | 'declined'
  | 'digest'
  /** Some of the mails that it lists did not reach everyone after all. */
  | 'digest-not-all'
  /** A mail from outside, to the postmaster. */
  | 'not-delivered';

/** Why a recipient was given up without a refusal, where that has words of its own (delivery: `failure`). */
export type Failure =
  | 'host-not-found'
  | 'reported-later'
  | 'withdrawn'
  | 'null-mx'
  | 'too-large-for-server'
  | '8bit-not-supported'
  | 'smtputf8-not-supported';

/** All that a receipt says, in one language. Times come in written out. */
export interface Words {
  headlines: Record<Headline, { subject: string; line: string }>;
  /** How it was sent, as a part of a sentence. */
  methods: Record<ProtectionMethod, string>;
  /** As a part of a sentence. */
  failures: Record<Failure, string>;
  /** Why it is not sent from here, as a part of a sentence. */
  ours: Record<Ours, string>;
  /** @param twice an earlier try may have arrived, too. */
  sent: (when: string, how: string | null, twice: boolean) => string;
  /** It lies in SecureMailBox, and the mail that tells so was sent. */
  /** What the link is called by which it is taken back. */
  takeBack: string;
  inMailbox: (told: { deposited: string; notified: string; until: string; twice: boolean }) => string;
  /** Its sender took it back, as a sentence; `opened` says the rest where it was. */
  withdrawn: (when: string, wasOpened: boolean) => string;
  /** Whoever reads there says that it is not for him, as sentences. @param opened null: it was not. */
  declined: (when: string, opened: string | null, advice: string) => string;
  /** The recipient opened it there, as a sentence. */
  opened: (when: string) => string;
  /** That mail could not be delivered, as a part of a sentence. */
  notNotified: (why: string) => string;
  /** @param reply code and enhanced code, or empty. */
  refused: (reply: string) => string;
  bounced: (why: string, advice: string) => string;
  /** @param why where it was not sent from here; null: nobody took it. */
  expired: (why: string | null, advice: string) => string;
  /** It could not be read any more before the mail that tells of it was sent. @param until when it could. */
  overBefore: (until: string) => string;
  /** @param until when it is given up. */
  held: (why: string, until: string | null) => string;
  /** Nobody decided about what was held. */
  holdEnded: (advice: string) => string;
  /** Nor about what may have arrived. */
  unknownEnded: string;
  /** What can be done, as a sentence. */
  advice: {
    /** An earlier try may have arrived. */
    arrivedBefore: string;
    checkAddress: string;
    sendLater: string;
    sendOnceSecure: string;
    /** Of own mail servers, which are others' for `askAdministrator`. */
    tellAdministrator: string;
    askAdministrator: string;
    /** To the postmaster, of a mail from outside, whose sender was told nothing. */
    lookIntoServer: (emailId: string) => string;
    haveItSentAgain: (emailId: string) => string;
    goesByItself: (emailId: string) => string;
  };
  /** A person let it be tried again; as sentences. */
  released: (by: string | null, reason: string | null) => string;
  heldAgain: string;
  /** @param isSent it was; else it is to be. */
  corrected: (address: string, given: string, isSent: boolean) => string;
  /** Of the address that the header names, to who is not to know the other one. */
  correctedAway: string;
  rejected: (by: string | null, reason: string | null, perhaps: boolean) => string;
  /**
   * @param often more than one try ended so
   * @param again another one follows by itself
   * @param until when it is left at that
   */
  unknown: (often: boolean, again: boolean, until: string | null) => string;
  deferred: (reply: string) => string;
  /** It was not sent from here, and is tried again. */
  withheld: (why: string, advice: string) => string;
  underWay: string;
  /** Said beside the address of who was not named to the others. */
  blindCopy: string;
  noSubject: string;
  /** In place of a subject in which something sensitive may stand. */
  hiddenSubject: string;
  attached: string;
  /** That it is not, as the mailbox that would get it forwards outside. */
  notAttached: string;
  /** That a proof from the ledger is attached. */
  proven: string;
  /** Of a mail whose sender is not told. */
  sentBy: (from: string) => string;
  /** @param from as the mail says; null where it names nobody. */
  cameFrom: (from: string | null) => string;
  handedIn: (when: string, emailId: string) => string;
  /** More emails than a digest lists. */
  andMore: (count: number) => string;
  /** Behind the headline of a receipt that is handed on, and tells of no blind copy. */
  listedAlone: string;
  /** Language and region of dates (BCP 47). */
  locale: string;
}
