// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent } from '@securemail/contracts';
import { HandlesEvents, type BatchContext } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import { measureSettled } from './adapters/measure.ts';
import { project, type Projected } from './adapters/projection.ts';
import { remindAfterHoursOf } from './adapters/remind-after-hours.ts';
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
      const projected = await project(tx, context.sealedEvents, remindAfterHoursOf(this.platform));
      ({ arrived } = projected);
      announced = await announce(tx, projected, context.sealedEvents, { now, giveUpAt });
    });
    for (const { email, events } of arrived) measureSettled(email, events);
    this.watch.wake();
    if (announced) this.worker.wake();
  }
}
