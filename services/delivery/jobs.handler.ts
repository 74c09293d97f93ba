// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import {
  domainOf,
  RECEIPT_MESSAGE,
  SENDER_RECIPIENT,
  SMTP_METHODS,
  type Address,
  type DomainEvent,
  type SealedEvent,
  type TenantId,
} from '@securemail/contracts';
import { ownRouteOf, PLATFORM, type MailboxDirectory, type Platform } from '@securemail/service';
import { HandlesEvents, type BatchContext } from '@securemail/event-log';
import { addJobs, type NewJob } from './adapters/jobs.ts';
import type { JobWorker } from './adapters/job-worker.ts';
import { ownLane } from './domain/own-lane.ts';
import { JOB_WORKER, MAILBOX_DIRECTORY } from './settings.ts';

/** RFC 5321 §4.5.3.1.8: as many recipients every server has to take in one transaction. */
const MAX_RECIPIENTS = 100;

/** Turns protected messages and receipts into jobs: one for each next hop and hundred recipients. */
@Controller()
export class JobsHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(JOB_WORKER) private readonly worker: JobWorker,
    @Inject(MAILBOX_DIRECTORY) private readonly mailboxes: MailboxDirectory,
  ) {}

  @HandlesEvents('EmailProtected', 'EmailOpened', 'ReceiptIssued')
  async onEvents(
    events: readonly DomainEvent<'EmailProtected' | 'EmailOpened' | 'ReceiptIssued'>[],
    context: BatchContext,
  ): Promise<void> {
    const jobs: NewJob[] = [];
    for (const [index, event] of events.entries()) {
      const sealed = context.sealedEvents[index];
      if (sealed !== undefined) jobs.push(...jobsOf(event, sealed, await this.#ownLanes(event.tenantId)));
    }
    await context.commit((tx) => addJobs(tx, jobs, new Date()));
    this.worker.wake();
  }

  /** Which of the tenant's servers an own mailbox is at. */
  async #ownLanes(tenantId: TenantId): Promise<(address: Address) => string> {
    const tenant = this.platform.tenants.get(tenantId);
    if (tenant === undefined || tenant.mailRoutes.length === 0) return () => ownLane(tenantId, null);
    const lists = await this.mailboxes.of(tenant);
    return (address) => ownLane(tenantId, ownRouteOf(address, tenant, lists));
  }
}

function jobsOf(
  event: DomainEvent<'EmailProtected' | 'EmailOpened' | 'ReceiptIssued'>,
  sealed: SealedEvent,
  ownLaneOf: (address: Address) => string,
): NewJob[] {
  // Erased: there is nobody left to send it to.
  if (event.personal === null) return [];
  const common = { emailId: event.emailId, tenantId: event.tenantId, event: sealed };
  if (event.name === 'ReceiptIssued') {
    // Not everything that could be told is told by mail.
    if (event.data.content === null) return [];
    return [
      {
        ...common,
        protectedMessageId: RECEIPT_MESSAGE,
        recipientIds: [SENDER_RECIPIENT],
        lane: ownLaneOf(event.personal.recipient),
        ownMailServers: true,
      },
    ];
  }
  const { protectedMessageId } = event.data;
  const own = event.name === 'EmailOpened' || SMTP_METHODS[event.data.method].ownServers;
  const lanes = Map.groupBy(event.personal.recipients, ({ address }) =>
    own ? ownLaneOf(address) : domainOf(address),
  );
  return [...lanes].flatMap(([lane, recipients]) =>
    inParts(recipients, MAX_RECIPIENTS).map((part) => ({
      ...common,
      protectedMessageId,
      recipientIds: part.map(({ recipientId }) => recipientId),
      lane,
      ownMailServers: own,
    })),
  );
}

const inParts = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
    all.slice(part * size, (part + 1) * size),
  );
