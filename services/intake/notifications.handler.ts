// SPDX-License-Identifier: Apache-2.0
import { Controller, Inject } from '@nestjs/common';
import { notificationIdOf, type DomainEvent } from '@securemail/contracts';
import { HandlesEvent, type EventContext } from '@securemail/event-log';
import { PLATFORM, type Platform } from '@securemail/service';
import { noteSent } from './adapters/sent-messages.ts';
import { messageKey } from './domain/guards/thread-keys.ts';

/** Remembers which email a notification of SecureMailBox tells of, so that a report about it is one about the email. */
@Controller()
export class NotificationsHandler {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  @HandlesEvent('MailboxMessageDeposited')
  async onMailboxMessageDeposited(
    { emailId, tenantId, time, data }: DomainEvent<'MailboxMessageDeposited'>,
    context: EventContext,
  ): Promise<void> {
    const domain = this.platform.tenants.get(tenantId)?.domains[0];
    const key = messageKey(notificationIdOf(data, domain));
    await context.commit((tx) => noteSent(tx, { tenantId, emailId, key, at: new Date(time) }));
  }
}
