// SPDX-License-Identifier: Apache-2.0
import {
  guardText,
  type Address,
  type GuardAction,
  type GuardFinding,
  type GuardName,
  type Language,
  type RecipientId,
} from '@securemail/contracts';

/** What a guard did with an email, in words for its sender. */
export interface GuardNote {
  guard: GuardName;
  action: GuardAction;
  title: string;
  text: string;
}

export const guardNotes = (
  findings: readonly GuardFinding[],
  addresses: ReadonlyMap<RecipientId, Address>,
  language: Language,
): GuardNote[] =>
  findings.map((finding) => {
    const who = finding.recipientIds.map((id) => addresses.get(id) ?? id);
    return { guard: finding.guard, action: finding.action, ...guardText(finding, who, language) };
  });
