// SPDX-License-Identifier: Apache-2.0

import type { CredentialChange, CredentialKind } from '../credential.ts';

/** What SecureMailBox writes in its mails, in one language. */
export interface Words {
  notification: {
    subject: (organisation: string) => string;
    /** The paragraphs before and behind the link. */
    before: (organisation: string) => readonly string[];
    link: string;
    after: (about: { organisation: string; site: string; until: string }) => readonly string[];
  };
  code: {
    subject: (organisation: string) => string;
    before: (organisation: string) => readonly string[];
    after: (minutes: number) => readonly string[];
  };
  notice: {
    subject: (organisation: string) => string;
    changed: Record<CredentialKind, Record<CredentialChange, (organisation: string) => string>>;
    /** `page`: where he signs in without a link. */
    after: (about: { organisation: string; page: string }) => readonly string[];
  };
  /** What a text message (SMS) says: no more than the code. */
  textMessage: (organisation: string, code: string) => string;
  /** Before what somebody answered, for whom it is for. */
  reply: (author: string, subject: string) => string;
  /** Before what somebody wrote first, for whom it is for. */
  letter: (author: string, contact: string) => string;
  /** Before the subject that he gave it. */
  subject: (subject: string) => string;
  /** A moment as people write it. Nobody knows the reader's zone, so that is said. */
  moment: Intl.DateTimeFormat;
}

export const momentIn = (locale: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  });
