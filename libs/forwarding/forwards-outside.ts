// SPDX-License-Identifier: Apache-2.0
import type { Forwarding } from './mailbox-list.ts';

/**
 * Which of the mailboxes send mail outside by themselves, also through others of the own domains. Of whom nothing but a
 * name is known is taken to be outside.
 *
 * @param ownDomains in lower case.
 * @returns addresses in lower case.
 */
export function forwardsOutside(
  forwardings: readonly Forwarding[],
  ownDomains: readonly string[],
): ReadonlySet<string> {
  const isOwn = (address: string) => ownDomains.includes(address.slice(address.lastIndexOf('@') + 1));
  const outside = new Set<string>();
  const inside = new Map<string, string[]>();
  for (const { mailbox, to } of forwardings) {
    for (const target of to) {
      if (target === null || !isOwn(target)) outside.add(mailbox);
      else inside.set(target, [...(inside.get(target) ?? []), mailbox]);
    }
  }
  // Whoever forwards to one of these does so, too.
  for (const mailbox of outside) for (const before of inside.get(mailbox) ?? []) outside.add(before);
  return outside;
}
