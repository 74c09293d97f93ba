// SPDX-License-Identifier: Apache-2.0
import type { Address, Language } from '@securemail/contracts';
import type { Composition } from '@securemail/mime';
import type { CredentialChange, CredentialKind } from './credential.ts';
import { page, type MailLook } from './page.ts';
import { WORDS } from './words/index.ts';

export interface MailFacts {
  /** Whose SecureMailBox it is. */
  look: MailLook;
  /** What the mail comes from. */
  from: Address;
  to: Address;
  language: Language;
  at: Date;
  messageId: string;
}

/** Says that there is something to read, and where; no subject, no name of a sender, nothing of what was written. */
export function notificationMail(
  facts: MailFacts,
  { site, link, endsAt }: { site: string; link: string; endsAt: Date },
): Composition {
  const { look, language } = facts;
  const organisation = look.name;
  const { notification: words, moment } = WORDS[language];
  const until = moment.format(endsAt);
  const subject = words.subject(organisation);
  return {
    ...mail(facts, subject),
    ...page(language, subject, look, {
      before: words.before(organisation),
      centre: { link, label: words.link },
      after: words.after({ organisation, site: `${site}/`, until }),
    }),
  };
}

/** A code by which somebody shows that the address is his; not in the subject, which locked screens show. */
export function codeMail(
  facts: MailFacts,
  { code, minutes }: { code: string; minutes: number },
): Composition {
  const { look, language } = facts;
  const organisation = look.name;
  const { code: words } = WORDS[language];
  const subject = words.subject(organisation);
  return {
    ...mail(facts, subject),
    ...page(language, subject, look, {
      before: words.before(organisation),
      centre: { code },
      after: words.after(minutes),
    }),
  };
}

/** Tells somebody what was changed in how he signs in, so that he hears of it where it was not he. */
export function noticeMail(
  facts: MailFacts,
  { kind, change, page: where }: { kind: CredentialKind; change: CredentialChange; page: string },
): Composition {
  const { look, language } = facts;
  const organisation = look.name;
  const { notice: words } = WORDS[language];
  const subject = words.subject(organisation);
  return {
    ...mail(facts, subject),
    ...page(language, subject, look, {
      before: [words.changed[kind][change](organisation)],
      after: words.after({ organisation, page: where }),
    }),
  };
}

/** It answers nothing, hence `auto-generated` (RFC 3834 §5). */
const mail = ({ look, from, to, at, messageId }: MailFacts, subject: string) => ({
  from: { address: from, name: look.name },
  to: [{ address: to }],
  subject,
  headers: { 'Auto-Submitted': 'auto-generated' },
  date: at,
  messageId,
});
