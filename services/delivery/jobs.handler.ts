// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import { domainOf, RECEIPT_MESSAGE, SENDER_RECIPIENT, type DomainEvent } from '@securemail/contracts';
import { HandlesEvent, type EventContext } from '@securemail/event-log';
import { addJob, type NewJob } from './adapters/jobs.ts';
import type { JobWorker } from './adapters/job-worker.ts';
import { JOB_WORKER } from './settings.ts';

/** What the tenant's own mail servers share as a limit; no domain can be called so. */
const ownLane = (tenantId: string) => `tenant:${tenantId}`;

/** Turns protected messages and receipts into jobs: one for each next hop. */
@Controller()
export class JobsHandler {
  constructor(@Inject(JOB_WORKER) private readonly worker: JobWorker) {}

  @HandlesEvent('EmailProtected')
  async onEmailProtected(event: DomainEvent<'EmailProtected'>, context: EventContext): Promise<void> {
    if (event.personal === null) return;
    const { protectedMessageId, method } = event.data;
    const own = method === 'internal';
    const lanes = Map.groupBy(event.personal.recipients, ({ address }) =>
      own ? ownLane(event.tenantId) : domainOf(address),
    );
    const jobs = [...lanes].map(([lane, recipients]): NewJob => ({
      emailId: event.emailId,
      tenantId: event.tenantId,
      protectedMessageId,
      recipientIds: recipients.map(({ recipientId }) => recipientId),
      lane,
      ownMailServers: own,
      event: context.sealed,
    }));
    await this.#add(jobs, context);
  }

  @HandlesEvent('ReceiptIssued')
  async onReceiptIssued(event: DomainEvent<'ReceiptIssued'>, context: EventContext): Promise<void> {
    if (event.personal === null) return;
    const job: NewJob = {
      emailId: event.emailId,
      tenantId: event.tenantId,
      protectedMessageId: RECEIPT_MESSAGE,
      recipientIds: [SENDER_RECIPIENT],
      lane: ownLane(event.tenantId),
      ownMailServers: true,
      event: context.sealed,
    };
    await this.#add([job], context);
  }

  async #add(jobs: readonly NewJob[], context: EventContext): Promise<void> {
    await context.commit(async (tx) => {
      for (const job of jobs) await addJob(tx, job, new Date());
    });
    this.worker.wake();
  }
}
