// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import { RECEIPT_MESSAGE, type DomainEvent, type NewEvent } from '@securemail/contracts';
import { HandlesEvent, type EventContext } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import { appendAndNote } from './adapters/append-and-note.ts';
import { findHeld } from './adapters/held-emails.ts';
import { holdingOf } from './domain/holding.ts';
import { madeFor } from './domain/sending-again.ts';

/** Holds whom delivery tries no more though nobody knows whether the mail arrived: a person decides, or the set end does. */
@Controller()
export class UnknownOutcomeHandler {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @HandlesEvent('OutcomeUnknown')
  async onOutcomeUnknown(event: DomainEvent<'OutcomeUnknown'>, context: EventContext): Promise<void> {
    const { emailId, tenantId, data } = event;
    // Of a receipt there is nobody to decide: what it says can be asked for.
    if (data.next !== 'hold' || data.protectedMessageId === RECEIPT_MESSAGE) return;
    const { pool, store } = this.platform;
    const stream = await store.readStream(pool, emailId);
    const [made] = data.recipientIds.map((id) => madeFor(stream, id));
    // Erased: there is nothing left that could be sent.
    if (made === null || made === undefined) return;
    const known = await findHeld(pool, emailId, tenantId);
    const held: NewEvent<'EmailHeld'> = {
      name: 'EmailHeld',
      data: { recipientIds: data.recipientIds, because: 'outcome-unknown', endsAt: null },
      personal: null,
    };
    const noted = {
      emailId,
      tenantId,
      mailFrom: made.personal.mailFrom,
      deadlineAt: new Date(made.data.deadlineAt),
      before: holdingOf(stream),
      known: {
        acceptance: known?.acceptance ?? null,
        unknownOutcomes: [...(known?.unknownOutcomes ?? []), context.sealed],
        heldSince: known?.heldSince ?? null,
      },
      at: new Date(),
    };
    await appendAndNote([held], noted, this.platform, context);
  }
}
