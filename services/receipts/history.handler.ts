// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent, SealedEvent } from '@securemail/contracts';
import { HandlesEvents, type BatchContext } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import { project } from './adapters/projection.ts';
import type { Watch } from './adapters/watch.ts';
import { WATCH } from './settings.ts';

/** Keeps every event of every email, and where it leaves the email. */
@Controller()
export class HistoryHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(WATCH) private readonly watch: Watch,
  ) {}

  @HandlesEvents(
    'EmailAccepted',
    'EmailRefused',
    'DeliveryReported',
    'ProtectionPlanned',
    'EmailProtected',
    'EmailOpened',
    'ProtectionFailed',
    'EmailHeld',
    'EmailReleased',
    'EmailRejected',
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
    await context.commit((tx) =>
      project(tx, context.sealedEvents, (acceptance) => this.#remindAfterHours(acceptance)),
    );
    this.watch.wake();
  }

  /** Of who sent it; of the organisation where the email was erased. */
  async #remindAfterHours(acceptance: SealedEvent): Promise<readonly number[]> {
    const { tenants, policies, store } = this.platform;
    const tenant = tenants.get(acceptance.tenantId);
    if (tenant === undefined) return [];
    const event = await store.open(acceptance);
    const sender = event.name === 'EmailAccepted' ? (event.personal?.mailFrom ?? null) : null;
    return policies.of(tenant, sender).holding.remindAfterHours;
  }
}
