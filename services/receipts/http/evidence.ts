// SPDX-License-Identifier: Apache-2.0
import type { DomainEvent } from '@securemail/contracts';
import { emailOf } from '../domain/email.ts';
import { receiptOf, type LanguageOf } from './view.ts';

/**
 * What is signed: the receipt, whose it is, and the digest of the mail as it was handed in, by which anybody who has the
 * mail knows that it is this one. It is made to be handed on, so it has no address of a blind copy in it.
 */
export function evidenceOf(
  events: readonly DomainEvent[],
  { languageOf, issuer, now }: { languageOf: LanguageOf; issuer: string; now: Date },
) {
  const receipt = receiptOf(events, languageOf);
  const email = emailOf(events);
  const acceptance = events.find((event) => event.name === 'EmailAccepted');
  if (receipt === null || email === null || acceptance === undefined) return null;
  const { size, sha256 } = acceptance.data.content;
  // What a guard says may name a recipient.
  const { recipients, guards: _, ...told } = receipt;
  return {
    iss: issuer,
    iat: Math.floor(now.getTime() / 1_000),
    receipt: {
      ...told,
      acceptedAt: email.acceptedAt,
      messageId: acceptance.personal?.messageId ?? null,
      from: acceptance.personal?.mailFrom ?? null,
      content: { size, sha256 },
      recipients: recipients.map((recipient) =>
        recipient.disclosed === false ? { ...recipient, address: null } : recipient,
      ),
    },
  };
}
