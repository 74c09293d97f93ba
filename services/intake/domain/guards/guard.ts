// SPDX-License-Identifier: Apache-2.0
import {
  domainOf,
  recipientId,
  type Address,
  type GuardAction,
  type GuardFinding,
  type GuardName,
} from '@securemail/contracts';

/** What is known of the thread before this mail; null: it is new, or began where we did not see it. */
export interface KnownThread {
  /** Why some mail of it was sent securely: somebody asked or a guard demanded it, or only the sender's policy; null: none was. */
  secure: 'asked' | 'policy' | null;
  /** Somebody outside has taken part. */
  outsiders: boolean;
}

export interface GuardPolicy {
  secureThread: GuardAction;
  newOutsider: GuardAction;
  autoForwarded: GuardAction;
  forwardsOutside: Exclude<GuardAction, 'protect'>;
  /** One of the tenant's rules is met; something could not be looked into. */
  sensitiveContent: { whenFound: GuardAction; whenUnread: GuardAction };
}

export interface GuardFacts {
  ownDomains: readonly string[];
  recipients: readonly Address[];
  /** Whom its header names: a mail server may hand in a mail once for each of them. */
  named: readonly Address[];
  askedSecure: boolean;
  /** What the sender's policy does with mail to somebody outside that nobody asked to protect. */
  whenNotAskedSecure: 'protect' | 'refuse';
  thread: KnownThread | null;
  /** What is known of the threads of mails that are attached to it; null: nothing is, or nobody looked. */
  attached: KnownThread | null;
  /** A mailbox passed it on by a rule. */
  autoForwarded: boolean;
  /** Whether this own mailbox forwards outside. */
  forwardsOutside: (address: Address) => boolean;
  /** Which of the tenant's rules the content meets, and why parts of it could not be looked into; null: nobody looked. */
  content: { rules: readonly string[]; unread: readonly string[] } | null;
}

/** All that guards find in a mail to these recipients, each of whom is named once. */
export function guard(facts: GuardFacts, policy: GuardPolicy): GuardFinding[] {
  const { recipients, askedSecure, content } = facts;
  const thread = passedOnBy(facts);
  const outsiders = outsidersOf(facts);
  const found: GuardFinding[] = [];
  const finding = (name: GuardName, action: GuardAction, about: readonly Address[] = []): GuardFinding => ({
    guard: name,
    action,
    recipientIds: about.map((address) => recipientId(recipients.indexOf(address) + 1)),
    rules: [],
    unread: [],
  });

  if (outsiders.length > 0) {
    if (facts.autoForwarded && isSecure(thread)) found.push(finding('auto-forwarded', policy.autoForwarded));
    else if (isInsecureAnswer(facts, thread)) found.push(finding('secure-thread', policy.secureThread));
    if (thread?.outsiders === false) {
      // Who asked for it to be secure meant to write to somebody outside, and is told all the same.
      const action = askedSecure && policy.newOutsider === 'refuse' ? 'protect' : policy.newOutsider;
      found.push(finding('new-outsider', action, outsiders));
    }
  }
  if (isToBeLookedInto(facts) && content !== null) {
    const { whenFound, whenUnread } = policy.sensitiveContent;
    const { rules, unread } = content;
    if (rules.length > 0) found.push({ ...finding('sensitive-content', whenFound), rules: [...rules] });
    if (unread.length > 0) found.push({ ...finding('sensitive-content', whenUnread), unread: [...unread] });
  }
  if (isSecure(thread) || securedBy(facts, found) !== null) {
    const forwarding = forwardingOf(facts);
    if (forwarding.length > 0) found.push(finding('forwards-outside', policy.forwardsOutside, forwarding));
  }
  return found;
}

/**
 * The threads of which others get to read by a mail: its own, and those of the mails attached to it. One that was internal stays
 * that beside one that was not.
 */
function passedOnBy({ thread, attached }: GuardFacts): KnownThread | null {
  if (thread === null || attached === null) return thread ?? attached;
  const both = [thread.secure, attached.secure];
  return {
    secure: both.find((secure) => secure === 'asked') ?? both.find((secure) => secure !== null) ?? null,
    outsiders: thread.outsiders && attached.outsiders,
  };
}

const isSecure = (thread: KnownThread | null): boolean => thread !== null && thread.secure !== null;

/** Where policy has made all of the thread secure, and does so with this mail, nobody has forgotten anything. */
const isInsecureAnswer = (
  { askedSecure, whenNotAskedSecure }: GuardFacts,
  thread: KnownThread | null,
): boolean =>
  !askedSecure &&
  (thread?.secure === 'asked' || (thread?.secure === 'policy' && whenNotAskedSecure === 'refuse'));

/** Why a mail in which guards found this is sent securely, if it is taken; null: it goes as all mail among colleagues does. */
export function securedBy(facts: GuardFacts, findings: readonly GuardFinding[]): KnownThread['secure'] {
  if (facts.askedSecure || demandsProtection(findings)) return 'asked';
  const goesOutside = [...facts.recipients, ...facts.named].some((address) => !isOwn(facts, address));
  return facts.whenNotAskedSecure === 'protect' && goesOutside ? 'policy' : null;
}

/** Whether somebody outside gets it. What is forwarded outside leaves, too. */
export const leaves = (facts: GuardFacts): boolean =>
  outsidersOf(facts).length > 0 || forwardingOf(facts).length > 0;

/** Whether the content has to be looked into: who asked for protection gets it, whatever is in it. */
export const isToBeLookedInto = (facts: GuardFacts): boolean => !facts.askedSecure && leaves(facts);

/** Who asked for protection gets the subject hidden, too, where it says what is not to be read on the way. */
export const isSubjectToBeLookedInto = (facts: GuardFacts): boolean =>
  facts.askedSecure && outsidersOf(facts).length > 0;

const isOwn = ({ ownDomains }: GuardFacts, address: Address): boolean =>
  ownDomains.includes(domainOf(address));

const outsidersOf = (facts: GuardFacts): Address[] =>
  facts.recipients.filter((address) => !isOwn(facts, address));

/** The own mailboxes that forward outside. */
const forwardingOf = (facts: GuardFacts): Address[] =>
  facts.recipients.filter((address) => isOwn(facts, address) && facts.forwardsOutside(address));

/** The first finding for which the mail is not taken. */
export const refusing = (findings: readonly GuardFinding[]): GuardFinding | null =>
  findings.find(({ action }) => action === 'refuse') ?? null;

/** Whether the mail is to be sent securely, whoever asked or not. */
export const demandsProtection = (findings: readonly GuardFinding[]): boolean =>
  findings.some(({ action }) => action === 'protect');
