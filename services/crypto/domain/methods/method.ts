// SPDX-License-Identifier: Apache-2.0
import type { Address, Obstacle, ProtectionMethod } from '@securemail/contracts';
import type { Leg } from '@securemail/signature-certificate';
import type { EnvelopeKind } from '@securemail/smime';
import type { Lookup } from '../directory.ts';

/** Something stands in the way, or nothing does. */
export type Finding = Obstacle | null;

/** What is known of the sender's organisation, and here of its recipients. */
export interface Surroundings {
  ownDomains: readonly string[];
  forbiddenMethods: readonly ProtectionMethod[];
  /** Whether the organisation has SecureMailBox. */
  mailbox: boolean;
  /** Whether what somebody wrote in SecureMailBox is answered, and can be there. */
  answeredInMailbox: (address: Address) => boolean;
  /** Whether anybody can sign for the sender. */
  signing: Finding;
  personal: (address: Address) => Lookup;
  organisation: (domain: string) => Lookup;
}

/** Whether a method can be taken for a recipient; and where it makes an envelope, of which kind. */
export interface Judgement {
  obstacle: Finding;
  envelope?: EnvelopeKind;
}

export type Obstacles = Readonly<Partial<Record<ProtectionMethod, Finding>>>;

/**
 * How much an obstacle says of what would help. The first that is most telling is why somebody is held: `first` goes
 * before all others, `last` counts where no other says anything.
 */
export type Telling = 'first' | 'then' | 'last';

/** One way to protect a mail: a part of the list in methods.ts, and all that the plan knows of it. */
export interface Method {
  name: ProtectionMethod;
  /** Others are asked about this before it can be taken, and only where nothing stronger reaches; absent: nobody is. */
  asks?: {
    about: (address: Address) => string;
    /** What stands in the way while nobody has answered. */
    unanswered: Obstacle;
  };
  /**
   * @param answer what others said; null where the method asks nobody.
   * @param beside what was found of the stronger methods.
   */
  judge: (address: Address, around: Surroundings, answer: Finding, beside: Obstacles) => Judgement;
  /** Whether its message, or the handing over of it, names its recipients to each other: a blind copy goes by itself then. */
  namesRecipients: boolean;
  /** What its obstacle says of what would help; null: nothing. */
  tells: (obstacle: Obstacle, beside: Obstacles) => Telling | null;
  /** The way that the message goes from here, as its Signature certificate has it; null: nothing is said of it. */
  leg: Leg | null;
}
