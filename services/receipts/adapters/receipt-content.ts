// SPDX-License-Identifier: Apache-2.0
import {
  shownAddress,
  type Address,
  type ContentRef,
  type DataOf,
  type DomainEvent,
  type PersonalOf,
} from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import { composeMessage, isSevenBit } from '@securemail/mime';
import {
  gatewayAddressOf,
  newMessageIdIn,
  type ForwardingDirectory,
  type Platform,
  type Policy,
  type Tenant,
} from '@securemail/service';
import { reached } from '@securemail/telemetry';
import { addressesOf, disclosedIn, givenInstead } from '../domain/addresses.ts';
import type { Due } from '../domain/due.ts';
import type { Email } from '../domain/email.ts';
import { guardNotesIn } from '../domain/guard-notes.ts';
import { isSubjectHidden } from '../domain/hidden-subject.ts';
import { lastRepliesIn } from '../domain/last-replies.ts';
import { provenEvents } from '../domain/proven-events.ts';
import { takeBackLinksIn } from '../domain/take-back.ts';
import { isGivenBack, receiptMail } from '../domain/receipt-mail.ts';
import { keptUntil } from '../domain/standing.ts';
import type { Prover } from '../ledger/prover.ts';
import type { Owed } from './projection.ts';
import { isLost } from './written-here.ts';

/** An email whose sender can be told. */
export interface Tellable {
  owed: Owed;
  email: Email;
  events: readonly DomainEvent[];
  data: DataOf<'EmailAccepted'>;
  personal: PersonalOf<'EmailAccepted'>;
  sender: Address;
  tenant: Tenant;
  policy: Policy;
}

/** Writes the mail that tells the sender of an email, and keeps it in the vault under the email's own key. */
export function receiptStorer(
  { vault, logger }: Pick<Platform, 'vault' | 'logger'>,
  prover: Prover,
  forwardings: ForwardingDirectory,
): (of: Tellable, kind: Due, at: Date) => Promise<ContentRef> {
  return async (of, kind, at) => {
    const { owed, email, events, data, personal, sender, tenant, policy } = of;
    const { language } = policy;
    const addresses = addressesOf(events);
    const named = disclosedIn(events);
    const isSender = sender === personal.mailFrom;
    const blind = new Set(
      personal.recipients.flatMap(({ recipientId, disclosed }) =>
        disclosed && (isSender || named.has(recipientId)) ? [] : [recipientId],
      ),
    );
    const proven = provenEvents(events, (recipientId) => isSender || !blind.has(recipientId));
    const eventIds = proven.map(({ id }) => id);
    // Who is told of a mail from outside is not whom it was written to; and it goes back once.
    const wouldGoBack = isSender && isGivenBack(email, data.content.size);
    const isKeptBack =
      wouldGoBack && policy.guards.forwardsOutside === 'refuse' && (await forwardings.of(tenant))(sender);
    const returned = wouldGoBack && !isKeptBack;
    const facts = {
      email,
      kind,
      from: gatewayAddressOf(tenant),
      sender,
      sentBy: sender === personal.mailFrom || email.direction === 'inbound' ? null : personal.mailFrom,
      cameFrom: email.direction === 'inbound' ? { address: personal.mailFrom } : null,
      subject: personal.subject,
      messageId: personal.messageId,
      addresses,
      given: givenInstead(events),
      blind,
      proof: await prover(owed.tenantId, eventIds, { waits: true }),
      // Whoever has the link may: nobody but who sent it is given one.
      takeBack: isSender && email.direction !== 'inbound' ? takeBackLinksIn(events, tenant) : new Map(),
      replies: lastRepliesIn(events),
      guards: guardNotesIn(events, language, shownAddress),
      sensitive: isSubjectHidden(data),
      language,
      at,
      receiptMessageId: newMessageIdIn(tenant),
      keptUntil: keptUntil(email, policy.holding.endAfterDays),
      isKeptBack,
    };
    const put = async (original: (() => AsyncIterable<Uint8Array>) | null) =>
      vault.put(
        owed,
        composeMessage(
          receiptMail({
            ...facts,
            original: original && { content: original(), isSevenBit: await isSevenBit(original()) },
          }),
        ),
      );
    const content = await put(returned ? () => vault.get(owed, data.content) : null).catch(
      (error: unknown) => {
        // To be told comes before to get the mail back.
        if (!returned || !isLost(error)) throw error;
        logger.error({ emailId: owed.emailId, reason: reasonOf(error) }, 'a mail can not be sent back');
        return put(null);
      },
    );
    reached('receipts:receipt-stored');
    return content;
  };
}
