// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent, SealedEvent } from '@securemail/contracts';
import { HandlesEvents, type BatchContext } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import { measureSettled } from './adapters/measure.ts';
import { project, type Projected } from './adapters/projection.ts';
import type { Watch } from './adapters/watch.ts';
import { announce } from './adapters/webhooks/announce.ts';
import type { WebhookWorker } from './adapters/webhooks/worker.ts';
import { ACTS_ABOUT_EMAILS, TOLD_OF_EMAILS } from './domain/kept.ts';
import { RECEIPTS_SETTINGS, WATCH, WEBHOOK_WORKER, type ReceiptsSettings } from './settings.ts';

/** Keeps every event of every email, and where it leaves the email. */
@Controller()
export class HistoryHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(WATCH) private readonly watch: Watch,
    @Inject(WEBHOOK_WORKER) private readonly worker: WebhookWorker,
    @Inject(RECEIPTS_SETTINGS) private readonly settings: ReceiptsSettings,
  ) {}

  @HandlesEvents(...TOLD_OF_EMAILS, ...ACTS_ABOUT_EMAILS)
  async onEvents(_events: readonly DomainEvent[], context: BatchContext): Promise<void> {
    const now = new Date();
    const { giveUpAfterHours } = this.settings.webhooks;
    const giveUpAt = new Date(now.getTime() + giveUpAfterHours * 3_600_000);
    let announced = false as boolean;
    let arrived: Projected['arrived'] = [];
    await context.commit(async (tx) => {
      const projected = await project(tx, context.sealedEvents, (acceptance) =>
        this.#remindAfterHours(acceptance),
      );
      ({ arrived } = projected);
      announced = await announce(tx, projected, context.sealedEvents, { now, giveUpAt });
    });
    for (const { email, events } of arrived) measureSettled(email, events);
    this.watch.wake();
    if (announced) this.worker.wake();
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
