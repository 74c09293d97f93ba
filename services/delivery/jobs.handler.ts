// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import {
  domainOf,
  RECEIPT_MESSAGE,
  SENDER_RECIPIENT,
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
import { wayOf } from './domain/way-of.ts';
import { JOB_WORKER, MAILBOX_DIRECTORY } from './settings.ts';

/** RFC 5321 §4.5.3.1.8: as many recipients every server has to take in one transaction. */
const MAX_RECIPIENTS = 100;

/** What asks for something to be handed over. */
type Asking =
  | 'EmailProtected'
  | 'EmailOpened'
  | 'MailboxMessageDeposited'
  | 'MailboxCodeIssued'
  | 'MailboxNoticeIssued'
  | 'ReceiptIssued';

/** Turns protected messages, mails of SecureMailBox and receipts into jobs: one for each next hop and hundred recipients. */
@Controller()
export class JobsHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(JOB_WORKER) private readonly worker: JobWorker,
    @Inject(MAILBOX_DIRECTORY) private readonly mailboxes: MailboxDirectory,
  ) {}

  @HandlesEvents(
    'EmailProtected',
    'EmailOpened',
    'MailboxMessageDeposited',
    'MailboxCodeIssued',
    'MailboxNoticeIssued',
    'ReceiptIssued',
  )
  async onEvents(events: readonly DomainEvent<Asking>[], context: BatchContext): Promise<void> {
    const jobs: NewJob[] = [];
    for (const [index, event] of events.entries()) {
      const sealed = context.sealedEvents[index];
      if (sealed !== undefined) jobs.push(...jobsOf(event, sealed, await this.#lanes(event.tenantId)));
    }
    await context.commit((tx) => addJobs(tx, jobs, new Date()));
    this.worker.wake();
  }

  async #lanes(tenantId: TenantId): Promise<Lanes> {
    const tenant = this.platform.tenants.get(tenantId);
    const isOwn = (address: Address) => tenant?.domains.includes(domainOf(address)) === true;
    if (tenant === undefined || tenant.mailRoutes.length === 0)
      return { isOwn, ownLaneOf: () => ownLane(tenantId, null) };
    const lists = await this.mailboxes.of(tenant);
    return { isOwn, ownLaneOf: (address) => ownLane(tenantId, ownRouteOf(address, tenant, lists)) };
  }
}

/** Where mail of a tenant goes. */
interface Lanes {
  isOwn: (address: Address) => boolean;
  /** Which of the tenant's servers an own mailbox is at. */
  ownLaneOf: (address: Address) => string;
}

function jobsOf(event: DomainEvent<Asking>, sealed: SealedEvent, { isOwn, ownLaneOf }: Lanes): NewJob[] {
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
  if (
    event.name === 'MailboxMessageDeposited' ||
    event.name === 'MailboxCodeIssued' ||
    event.name === 'MailboxNoticeIssued'
  )
    return event.personal.recipients.map(({ recipientId, address }) => ({
      ...common,
      protectedMessageId,
      recipientIds: [recipientId],
      lane: isOwn(address) ? ownLaneOf(address) : domainOf(address),
      ownMailServers: isOwn(address),
    }));
  // SecureMailBox keeps it, and says itself what is mailed instead.
  const way = wayOf(event);
  if (way === null) return [];
  const own = way.ownServers;
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
