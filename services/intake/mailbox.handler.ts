// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import type { DomainEvent } from '@securemail/contracts';
import { HandlesEvent, signalAppended, type EventContext } from '@securemail/event-log';
import { readHeader } from '@securemail/mime';
import { PLATFORM, type Platform } from '@securemail/service';
import { ATTRIBUTE, count, currentTraceparent, METRIC, reached } from '@securemail/telemetry';
import { concat, disclosedBy } from './acceptance.ts';
import { noteThread } from './adapters/known-threads.ts';
import { noteWriter } from './adapters/mailbox-writers.ts';
import { threadKeysOf } from './domain/guards/thread-keys.ts';
import { receiveFromMailbox } from './domain/receive-from-mailbox.ts';
import { withTraceFields } from './domain/trace-fields.ts';
import { INTAKE_SETTINGS, type IntakeSettings } from './settings.ts';

/** Takes what was written in SecureMailBox as an email, under the id that it was written under. */
@Controller()
export class MailboxHandler {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(INTAKE_SETTINGS) private readonly settings: IntakeSettings,
  ) {}

  @HandlesEvent('MailboxReplySubmitted')
  async onMailboxReplySubmitted(
    event: DomainEvent<'MailboxReplySubmitted'>,
    context: EventContext,
  ): Promise<void> {
    await this.#take(event, context);
  }

  @HandlesEvent('MailboxLetterSubmitted')
  async onMailboxLetterSubmitted(
    event: DomainEvent<'MailboxLetterSubmitted'>,
    context: EventContext,
  ): Promise<void> {
    await this.#take(event, context);
  }

  async #take(
    {
      emailId,
      tenantId,
      data,
      personal,
    }: DomainEvent<'MailboxReplySubmitted'> | DomainEvent<'MailboxLetterSubmitted'>,
    context: EventContext,
  ): Promise<void> {
    // Erased before it was taken: there is nothing left that could be sent.
    if (personal === null) return;
    const { store, vault } = this.platform;
    const { hostname, deadlineMinutes } = this.settings;
    const stream = { emailId, tenantId };
    const at = new Date(data.submittedAt);
    const { header: original, body } = await readHeader(vault.get(stream, data.content));
    const header = withTraceFields(original, { emailId, hostname, protocol: 'HTTPS', client: null, at });
    const content = await vault.put(stream, concat(header.toBuffer(), body));
    reached('intake:content-stored');
    const event = receiveFromMailbox(
      {
        content,
        mailFrom: personal.mailFrom,
        hostname,
        recipients: personal.recipients.map(({ address }) => address),
        disclosed: disclosedBy(header),
        subject: header.get('Subject') ?? '',
        messageId: header.get('Message-ID') ?? '',
        automatic: null,
        handedIn: null,
        wroteInMailbox: [],
        hideSubject: false,
      },
      deadlineMinutes,
      at,
    );
    const { own, earlier } = threadKeysOf(header);
    await context.commit(async (tx) => {
      await store.append(tx, stream, 0, [event], { traceparent: currentTraceparent() });
      const threadId = await noteThread(tx, {
        tenantId,
        newThreadId: emailId,
        keys: [...(own === null ? [] : [own]), ...earlier],
        secure: 'asked',
        outsiders: true,
        at,
      });
      await noteWriter(tx, { tenantId, threadId, address: personal.mailFrom });
    });
    signalAppended('intake');
    reached('intake:accepted');
    count(METRIC.emailsAccepted, { [ATTRIBUTE.channel]: 'mailbox' });
  }
}
