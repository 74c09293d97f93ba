// SPDX-License-Identifier: Apache-2.0
import { withoutDetail } from '@securemail/contracts';
import { noteNames, type Called, type Forwarding, type MailboxList, type Unshown } from './mailbox-list.ts';

type Lists = Pick<MailboxList, 'forwardings' | 'names' | 'rules'>;

/** How the address book calls who is in it. */
const LEGACY_NAME = /^\/o=/;

/**
 * Which of the mailboxes send mail outside by themselves, also through others of the own domains and subaddresses of theirs.
 * Somebody who is only
 * called by names is the mailbox of any of the lists that is called so, and else taken to be outside: the address book has
 * contacts outside, too. So is a mailbox with a rule that one list does not show, unless another shows all of its rules.
 *
 * @param ownDomains in lower case.
 * @returns addresses in lower case.
 */
export function forwardsOutside(lists: readonly Lists[], ownDomains: readonly string[]): ReadonlySet<string> {
  const addressOf = addresses(lists);
  const unshown = unshownIn(lists);
  const isOwn = (address: string) => ownDomains.includes(address.slice(address.lastIndexOf('@') + 1));
  const outside = new Set<string>();
  const inside = new Map<string, string[]>();
  for (const { mailbox, to } of lists.flatMap(({ forwardings }) => forwardings)) {
    for (const each of to) {
      if (isUnshown(each)) {
        if (unshown.has(mailbox)) outside.add(mailbox);
        continue;
      }
      const target = typeof each === 'string' ? each : addressOf(each);
      if (target === null || !isOwn(target)) outside.add(mailbox);
      else
        for (const own of [target, withoutDetail(target)])
          if (own !== null) inside.set(own, [...(inside.get(own) ?? []), mailbox]);
    }
  }
  // Whoever forwards to one of these does so, too.
  for (const mailbox of outside) for (const before of inside.get(mailbox) ?? []) outside.add(before);
  return outside;
}

/** The mailboxes of which the lists leave open whether they forward: a rule is not shown in one, nor all in another. */
export function unshownIn(lists: readonly Lists[]): ReadonlySet<string> {
  // Fewer rules than there are: that list is older, and may lack just the one that matters.
  const isShown = (mailbox: string, { unshownAmong }: Unshown) =>
    lists.some(({ rules }) => (rules.get(mailbox) ?? 0) >= unshownAmong);
  return new Set(
    lists
      .flatMap(({ forwardings }) => forwardings)
      .filter(({ mailbox, to }) => to.some((each) => isUnshown(each) && !isShown(mailbox, each)))
      .map(({ mailbox }) => mailbox),
  );
}

export const isUnshown = (target: Forwarding['to'][number]): target is Unshown =>
  typeof target !== 'string' && 'unshownAmong' in target;

function addresses(lists: readonly Pick<MailboxList, 'names'>[]): (called: Called) => string | null {
  const names = lists.reduce((all, list) => noteNames(all, list.names), new Map<string, string | null>());
  const knowsLegacyNames = [...names.keys()].some((name) => LEGACY_NAME.test(name));
  return ({ called }) => {
    const [first = ''] = called;
    // Only lists of before these were exported: a contact outside may have the name of a colleague.
    const counting = LEGACY_NAME.test(first) && knowsLegacyNames ? [first] : called;
    return counting.map((name) => names.get(name)).find((address) => address != null) ?? null;
  };
}
