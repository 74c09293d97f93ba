// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import {
  handedInAt,
  notificationIdOf,
  Sha256,
  type DomainEvent,
  type NewEvent,
  type SealedEvent,
} from '@securemail/contracts';
import { composeMessage, headerAlone, MalformedMessageError } from '@securemail/mime';
import { gatewayAddressOf, SENSITIVITIES, type Platform } from '@securemail/service';
import { conversationOf } from './adapters/conversations.ts';
import type { NewMessage } from './adapters/messages.ts';
import type { ContentGrading } from './adapters/sensitive-content.ts';
import type { Persons } from './adapters/person-keys.ts';
import { digestOf, newToken } from './adapters/secrets.ts';
import { demandedOf, sensitivitiesSaid, type Level } from './domain/demands.ts';
import { notificationMail } from './domain/mails.ts';
import { answeredBy, messageIdOf } from './domain/reply.ts';
import { endOf, endSetBySender } from './domain/set-end.ts';
import { hasMailbox, mailLookOf } from './organisations.ts';

interface Means {
  platform: Pick<Platform, 'pool' | 'vault' | 'tenants' | 'policies'>;
  persons: Persons;
  grading: ContentGrading;
  at: Date;
  progressed: () => void;
}

export interface Deposit {
  event: NewEvent<'MailboxMessageDeposited'>;
  message: NewMessage;
  /** Its Message-ID, by which what answers it finds the conversation; null where it has none. */
  ownId: string | null;
}

/**
 * A place for each recipient, with a link of its own, and the mail that tells of it; the message itself stays where it is.
 *
 * @throws Error where the organisation has no SecureMailBox any more: it waits until it has one again.
 */
export async function deposit(
  { emailId, tenantId, data, personal }: DomainEvent<'EmailProtected'>,
  sealed: SealedEvent,
  { platform, persons, grading, at, progressed }: Means,
): Promise<Deposit[]> {
  const { pool, vault, tenants, policies } = platform;
  const tenant = tenants.get(tenantId);
  if (!hasMailbox(tenant)) throw new Error(`tenants: ${tenantId} has no mailbox, and a message waits for it`);
  const { url: site } = tenant.mailbox;
  const from = gatewayAddressOf(tenant);
  const { language, guards } = policies.of(tenant, personal?.mailFrom ?? null);
  const { demands } = tenant.mailbox;
  const { ownId, answered, setEnd, sensitivities } = await saidInHeader(
    vault.get({ emailId }, data.content),
    handedInAt(emailId),
  );
  const endsAt = endOf(setEnd, tenant.mailbox, at);
  const { rules } = guards.sensitiveContent;
  // What nobody looked into may be sensitive, should that be demanded later.
  const maybeSensitive =
    demands.sensitiveContent === undefined ||
    (await grading.maybeSensitive(vault.get({ emailId }, data.content), rules));
  const levels: Level[] = [...sensitivities, ...(maybeSensitive ? (['sensitive-content'] as const) : [])];
  const demanded = demandedOf(levels, demands);
  const deposits: Deposit[] = [];
  for (const recipient of personal?.recipients ?? []) {
    progressed();
    const { recipientId, address } = recipient;
    const [token, takeBack] = [newToken(), newToken()];
    const messageId = randomUUID();
    const mail = notificationMail(
      {
        look: mailLookOf(tenant, language),
        from,
        to: address,
        language,
        at,
        // By it intake knows what a report is about that comes later.
        messageId: notificationIdOf({ messageId }, tenant.domains[0]),
      },
      { site, link: `${site}/mailbox/m/${token}`, endsAt },
    );
    const link = digestOf(token);
    const reader = { tenantId, person: await persons.of(tenantId, address) };
    deposits.push({
      event: {
        name: 'MailboxMessageDeposited',
        data: {
          protectedMessageId: data.protectedMessageId,
          recipientIds: [recipientId],
          content: await vault.put({ emailId, tenantId }, composeMessage(mail)),
          messageId,
          linkSha256: Sha256.parse(link.toString('hex')),
          endsAt: endsAt.toISOString(),
        },
        personal: { mailFrom: from, recipients: [recipient], takeBack },
      },
      message: {
        messageId,
        ...reader,
        conversationId: (await conversationOf(pool, reader, answered)) ?? messageId,
        link,
        takeBack: digestOf(takeBack),
        emailId,
        protectedMessageId: data.protectedMessageId,
        recipientId,
        protected: sealed,
        depositedAt: at,
        endsAt,
        levels,
        demanded,
      },
      ownId,
    });
  }
  return deposits;
}

/** What cannot be read says nothing, and may be sensitive in every way. */
async function saidInHeader(
  message: AsyncIterable<Buffer>,
  handedIn: Date,
): Promise<{ ownId: string | null; answered: string[]; setEnd: Date | null; sensitivities: Level[] }> {
  try {
    const header = await headerAlone(message);
    return {
      ownId: messageIdOf(header),
      answered: answeredBy(header),
      setEnd: endSetBySender(header, handedIn),
      sensitivities: sensitivitiesSaid(header.get('Sensitivity') ?? null),
    };
  } catch (error) {
    if (error instanceof MalformedMessageError)
      return { ownId: null, answered: [], setEnd: null, sensitivities: [...SENSITIVITIES] };
    throw error;
  }
}
