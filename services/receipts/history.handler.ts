// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent } from '@securemail/contracts';
import { HandlesEvents, type BatchContext } from '@securemail/event-log';
import { project } from './adapters/projection.ts';
import type { Watch } from './adapters/watch.ts';
import { WATCH } from './settings.ts';

/** Keeps every event of every email, and where it leaves the email. */
@Controller()
export class HistoryHandler {
  constructor(@Inject(WATCH) private readonly watch: Watch) {}

  @HandlesEvents(
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
  async onEvents(_events: readonly DomainEvent[], context: BatchContext): Promise<void> {
    await context.commit((tx) => project(tx, context.sealedEvents));
    this.watch.wake();
  }
}
