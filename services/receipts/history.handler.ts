// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent } from '@securemail/contracts';
import { HandlesEvent, type EventContext } from '@securemail/event-log';
import { project } from './adapters/projection.ts';
import type { Watch } from './adapters/watch.ts';
import { WATCH } from './settings.ts';

/** Keeps every event of every email, and where it leaves the email. */
@Controller()
export class HistoryHandler {
  constructor(@Inject(WATCH) private readonly watch: Watch) {}

  @HandlesEvent(
    'EmailAccepted',
    'EmailRefused',
    'ProtectionPlanned',
    'EmailProtected',
    'ProtectionFailed',
    'EmailHeld',
    'DeliveryAttemptStarted',
    'Delivered',
    'Deferred',
    'Bounced',
    'OutcomeUnknown',
    'DeliveryExpired',
    'ReceiptIssued',
    'DeadlineMissed',
  )
  async onEvent(_event: DomainEvent, context: EventContext): Promise<void> {
    await context.commit((tx) => project(tx, context.sealed));
    this.watch.wake();
  }
}
