// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import {
  domainOf,
  RECEIPT_MESSAGE,
  SENDER_RECIPIENT,
  type DomainEvent,
  type SealedEvent,
} from '@securemail/contracts';
import { HandlesEvents, type BatchContext } from '@securemail/event-log';
import { addJobs, type NewJob } from './adapters/jobs.ts';
import type { JobWorker } from './adapters/job-worker.ts';
import { JOB_WORKER } from './settings.ts';

/** RFC 5321 §4.5.3.1.8: as many recipients every server has to take in one transaction. */
const MAX_RECIPIENTS = 100;

/** What the tenant's own mail servers share as a limit; no domain can be called so. */
const ownLane = (tenantId: string) => `tenant:${tenantId}`;

/** Turns protected messages and receipts into jobs: one for each next hop and hundred recipients. */
@Controller()
export class JobsHandler {
  constructor(@Inject(JOB_WORKER) private readonly worker: JobWorker) {}

  @HandlesEvents('EmailProtected', 'ReceiptIssued')
  async onEvents(
    events: readonly DomainEvent<'EmailProtected' | 'ReceiptIssued'>[],
    context: BatchContext,
  ): Promise<void> {
    const jobs = events.flatMap((event, index) => {
      const sealed = context.sealedEvents[index];
      return sealed === undefined ? [] : jobsOf(event, sealed);
    });
    await context.commit((tx) => addJobs(tx, jobs, new Date()));
    this.worker.wake();
  }
}

function jobsOf(event: DomainEvent<'EmailProtected' | 'ReceiptIssued'>, sealed: SealedEvent): NewJob[] {
  // Erased: there is nobody left to send it to.
  if (event.personal === null) return [];
  const common = { emailId: event.emailId, tenantId: event.tenantId, event: sealed };
  if (event.name === 'ReceiptIssued') {
    return [
      {
        ...common,
        protectedMessageId: RECEIPT_MESSAGE,
        recipientIds: [SENDER_RECIPIENT],
        lane: ownLane(event.tenantId),
        ownMailServers: true,
      },
    ];
  }
  const { protectedMessageId, method } = event.data;
  const own = method === 'internal';
  const lanes = Map.groupBy(event.personal.recipients, ({ address }) =>
    own ? ownLane(event.tenantId) : domainOf(address),
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
