// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent } from '@securemail/contracts';
import { HandlesEvent, signalAppended, type EventContext } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import { currentTraceparent, reached } from '@securemail/telemetry';
import { noteConversation } from './adapters/conversations.ts';
import { addMessages } from './adapters/messages.ts';
import type { ContentGrading } from './adapters/sensitive-content.ts';
import type { Persons } from './adapters/person-keys.ts';
import { deposit } from './depositing.ts';
import { GRADING, PERSONS } from './settings.ts';

/** Takes in what is for SecureMailBox, and has each of its readers told. */
@Controller()
export class DepositHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(PERSONS) private readonly persons: Persons,
    @Inject(GRADING) private readonly grading: ContentGrading,
  ) {}

  @HandlesEvent('EmailProtected')
  async onEmailProtected(event: DomainEvent<'EmailProtected'>, context: EventContext): Promise<void> {
    // Erased: there is nothing left to be read.
    if (event.data.method !== 'mailbox' || event.personal === null) return;
    const { store, pool } = this.platform;
    const sequence = (await store.readStream(pool, event.emailId)).length;
    const deposits = await deposit(event, context.sealed, {
      platform: this.platform,
      persons: this.persons,
      grading: this.grading,
      at: new Date(),
      progressed: context.progressed,
    });
    reached('mailbox:notification-stored');
    await context.commit(async (tx) => {
      await store.append(
        tx,
        event,
        sequence,
        deposits.map((each) => each.event),
        { traceparent: currentTraceparent() },
      );
      await addMessages(
        tx,
        deposits.map((each) => each.message),
      );
      for (const { message, ownId } of deposits)
        if (ownId !== null) await noteConversation(tx, message, { ...message, messageId: ownId });
    });
    signalAppended('mailbox');
  }
}
