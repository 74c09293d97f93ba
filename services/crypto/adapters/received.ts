// SPDX-License-Identifier: Apache-2.0
import type {
  Address,
  AddressedRecipient,
  Channel,
  ContentRef,
  DataOf,
  EmailId,
  Language,
  PersonalOf,
  ProtectedMessageId,
  TenantId,
} from '@securemail/contracts';
import type { Certificate, Legacy, RevocationChecker, Unwrapper } from '@securemail/smime';
import type { Tenant } from '@securemail/service';
import type { Vault } from '@securemail/vault';
import type { Directory } from '../domain/directory.ts';
import type { SubjectTags } from '../domain/received/subject-tag.ts';
import type { Certifying, NobodyCertifies } from './certifying.ts';

/** A mail from outside, as intake took it. */
export interface Received {
  channel: Channel;
  emailId: EmailId;
  tenantId: TenantId;
  mailFrom: Address | null;
  /** Whom its readers' mail server is to tell that it could not be delivered; null: nobody (RFC 5321 §4.5.5). */
  returnPath: Address | null;
  content: ContentRef;
  /** When it was received: certificates and revocation are judged as of then, however long it waited to be opened. */
  acceptedAt: string;
  deadlineAt: string;
  arrival: NonNullable<DataOf<'EmailAccepted'>['arrival']>;
  names: NonNullable<PersonalOf<'EmailAccepted'>['arrival']>;
}

/** Recipients whose keys are the same: what one of them may read all of them may. */
export interface Readers {
  protectedMessageId: ProtectedMessageId;
  recipients: readonly AddressedRecipient[];
  unwrappers: readonly Unwrapper[];
  /** Of keys that are not used, for their mailboxes forward outside, where it would lie open. */
  withheld: readonly Certificate[];
  language: Language;
  subjectTags: SubjectTags;
  /** What can't be opened: with an explanation around it, or as it came. */
  whenUnopened: Tenant['inbound']['whenUnopened'];
  /** Who certifies, or why nobody does. */
  certifying: Certifying | NobodyCertifies;
}

export interface OpeningMeans {
  vault: Vault;
  /** What is known of whom the mail says that it is from. */
  directoryFor: (from: Address) => Promise<Directory>;
  directory: Directory;
  revocation: RevocationChecker | null;
  legacy: readonly Legacy[];
  at: Date;
  /** Called all along, so that a large message does not look like standing still. */
  progressed: () => void;
}
