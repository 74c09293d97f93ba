// SPDX-License-Identifier: Apache-2.0
import type { Address, DomainEvent, Language } from '@securemail/contracts';
import { correctedAway, disclosedIn } from '../domain/addresses.ts';
import type { Recipient } from '../domain/email.ts';
import { emailOf } from '../domain/fold.ts';
import { WORDS } from '../domain/wording.ts';
import { acceptanceIn, receiptLines, receiptOf, summaryOf, type LanguageOf } from './view.ts';

/**
 * What is signed: the receipt, whose it is, and the digest of the octets that were handed in (the message, or the JSON of
 * the request), by which whoever has them knows that it is about these. Of what an older version took only the digest of
 * the form is known in which it was stored. It is made to be handed on: nothing in it tells that there was a blind copy, and nothing
 * that a person wrote or a guard found, which may name one. Of who was corrected it says what everybody who reads the header may know:
 * that nothing was sent to the address that stands there. Where it went instead is as secret as a blind copy.
 *
 * @returns `outcome` and `text` are null where all were blind copies.
 */
export function evidenceOf(
  events: readonly DomainEvent[],
  { languageOf, issuer, now }: { languageOf: LanguageOf; issuer: string; now: Date },
) {
  const receipt = receiptOf(events, languageOf);
  const email = emailOf(events);
  const acceptance = acceptanceIn(events);
  if (receipt === null || email === null || acceptance === null) return null;
  const { content, handedIn } = acceptance.data;
  const { size, sha256 } = handedIn ?? content;
  const { emailId, language, issuedAt, deliveredAt } = receipt;
  const named = disclosedIn(events);
  const recipients = email.recipients.filter(({ recipientId }) => named.has(recipientId)).map(withoutReason);
  const summary =
    recipients.length === 0
      ? { outcome: null, text: null }
      : summaryOf({ recipients, direction: email.direction }, language, 'those listed');
  return {
    iss: issuer,
    iat: Math.floor(now.getTime() / 1_000),
    receipt: {
      emailId,
      ...summary,
      language,
      issuedAt,
      deliveredAt,
      acceptedAt: email.acceptedAt,
      messageId: acceptance.personal?.messageId ?? null,
      from: acceptance.personal?.mailFrom ?? null,
      content: { form: handedIn === null ? 'as-stored' : 'as-handed-in', size, sha256 },
      recipients: [
        ...receiptLines({ ...email, recipients }, events, language).map(withoutPlace),
        ...correctedAway(events).map((address) => correctedLine(address, language)),
      ],
    },
  };
}

const correctedLine = (address: Address, language: Language) => ({
  address,
  method: null,
  status: 'corrected' as const,
  at: null,
  reply: null,
  tls: null,
  mayBeDuplicate: false,
  depositedAt: null,
  openedAt: null,
  endsAt: null,
  text: WORDS[language].correctedAway,
});

const withoutReason = (recipient: Recipient): Recipient => ({
  ...recipient,
  released: null,
  corrected: null,
  state:
    recipient.state.status === 'rejected' ? { ...recipient.state, by: null, reason: null } : recipient.state,
});

/** Its number would tell how many are left out before it; that it was disclosed is why it is here; and no release is told. */
function withoutPlace({
  recipientId: _,
  disclosed: __,
  released: ___,
  givenAddress: ____,
  ...line
}: ReturnType<typeof receiptLines>[number]) {
  return line;
}
