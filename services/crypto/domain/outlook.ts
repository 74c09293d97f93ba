// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  guardText,
  wouldBeHeldText,
  type Address,
  type GuardName,
  type Language,
  type Obstacle,
  type ProtectionMethod,
} from '@securemail/contracts';
import { sameMailbox } from '@securemail/smime';
import { WARNINGS } from './certificate-state.ts';
import type { Lookup } from './directory.ts';
import type { Source } from './entry.ts';
import { isUnanswered } from './facts.ts';
import { OUTLOOK_TEXTS } from './outlook-texts.ts';
import { passedOver, reasonToHold, strongest, type RecipientFacts } from './plan.ts';

export interface Warning {
  warning: (typeof OUTLOOK_WARNINGS)[number];
  text: string;
}

export const OUTLOOK_WARNINGS = [
  'held',
  'domain-not-found',
  'lookup-failed',
  'certificate-expiring',
  'mailbox-not-found',
  'forwards-outside',
  'new-in-thread',
] as const;

/** How a mail to one recipient would be protected now, why by nothing stronger, and what to look out for. */
export interface Outlook {
  /** Null: it would be held. */
  method: ProtectionMethod | null;
  passedOver: { method: ProtectionMethod; because: Obstacle }[];
  /** Which one it would be encrypted for; null where none. */
  certificate: { sha256: string; source: Source; notAfter: Date } | null;
  warnings: Warning[];
}

const DAY = 24 * 60 * 60 * 1_000;

/** What guards will know once the mail is sent, and what is known of own mailboxes. */
export interface ThreadOutlook {
  ownDomains: readonly string[];
  /** Whom the mail that is answered names, its sender and recipients; null: none is answered, or nobody says so. */
  thread: readonly Address[] | null;
  forwardsOutside: boolean;
  /** What of it the sender's settings refuse: all of the mail, or where it is sent securely. */
  refusesForwarding: 'always' | 'securely' | null;
  /** Its own server, or the list of its mailboxes, says that there is no such mailbox. */
  isMissing: boolean;
  language: Language;
}

/** The warnings about one recipient that how it is reached has nothing to do with, in that language. */
export function guardWarnings(
  address: Address,
  { ownDomains, thread, forwardsOutside, refusesForwarding, isMissing, language }: ThreadOutlook,
): Warning[] {
  const isOwn = (each: Address) => ownDomains.includes(domainOf(each));
  const said = (guard: GuardName) =>
    guardText({ guard, action: 'allow', rules: [], unread: [] }, [address], language).text;
  if (isMissing) return [{ warning: 'mailbox-not-found', text: OUTLOOK_TEXTS[language].mailboxNotFound }];
  if (isOwn(address)) {
    if (!forwardsOutside) return [];
    const text =
      refusesForwarding === null
        ? said('forwards-outside')
        : OUTLOOK_TEXTS[language].forwardingRefused[refusesForwarding];
    return [{ warning: 'forwards-outside', text }];
  }
  if (thread === null || thread.length === 0 || thread.some((each) => sameMailbox(each, address))) return [];
  const isInternal = thread.every(isOwn);
  return [
    {
      warning: 'new-in-thread',
      text: isInternal ? said('new-outsider') : OUTLOOK_TEXTS[language].newInThread,
    },
  ];
}

/** Certificates are asked for of several, apart from the methods that need them. */
const isNotKnownYet = (passed: { method: ProtectionMethod; because: Obstacle }): boolean =>
  passed.because === 'certificate-lookup-failed' || isUnanswered(passed);

export function outlookOf(
  facts: RecipientFacts | undefined,
  {
    personal,
    organisation,
    unsaid,
    language,
    at,
  }: {
    personal: Lookup;
    organisation: Lookup;
    /** Digests of certificates of which nobody has said yet whether they were revoked. */
    unsaid: ReadonlySet<string>;
    language: Language;
    at: Date;
  },
): Outlook {
  if (facts === undefined) return { method: null, passedOver: [], certificate: null, warnings: [] };
  const method = strongest(facts);
  const texts = OUTLOOK_TEXTS[language];
  const warnings: Warning[] = [];
  const obstacles = Object.values(facts.obstacles);
  const passed = passedOver({ ...facts, method });
  if (method === null) {
    if (obstacles.includes('domain-not-found'))
      warnings.push({ warning: 'domain-not-found', text: texts.domainNotFound });
    if (passed.some(isNotKnownYet)) warnings.push({ warning: 'lookup-failed', text: texts.lookupFailed });
    else warnings.push({ warning: 'held', text: wouldBeHeldText(reasonToHold(facts), passed, language) });
  } else if (passed.some(isNotKnownYet)) {
    // Something stronger may reach this recipient in a moment.
    warnings.push({ warning: 'lookup-failed', text: texts.lookupFailed });
  }
  const lookup = { 'smime-personal': personal, 'smime-domain': organisation }[method as string];
  if (lookup?.ok !== true) return { method, passedOver: passed, certificate: null, warnings };
  const { source, certificate, endsAt } = lookup;
  const { sha256, notAfter } = certificate;
  if (unsaid.has(sha256) && !warnings.some(({ warning }) => warning === 'lookup-failed'))
    warnings.push({ warning: 'lookup-failed', text: texts.lookupFailed });
  const days = Math.floor((endsAt.getTime() - at.getTime()) / DAY);
  if (days < Math.max(...WARNINGS))
    warnings.push({ warning: 'certificate-expiring', text: texts.certificateExpiring(days) });
  return { method, passedOver: passed, certificate: { sha256, source, notAfter }, warnings };
}
