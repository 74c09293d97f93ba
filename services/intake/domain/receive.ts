// SPDX-License-Identifier: Apache-2.0
import type { Address, Arrival, ArrivalNames, NewEvent } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import { addressedIn, type StoredMail } from './decide.ts';
import type { KnownThread } from './guards/guard.ts';
import { messageIdInEvent, subjectInEvent } from './told-in-event.ts';

export interface ReceivedMail extends StoredMail {
  mailFrom: Address | null;
  arrival: Arrival;
  names: ArrivalNames;
}

/** The event that makes a mail from outside ours. */
export function receive(mail: ReceivedMail, deadlineMinutes: number, at: Date): NewEvent<'EmailAccepted'> {
  const recipients = addressedIn(mail);
  return {
    name: 'EmailAccepted',
    data: {
      channel: 'internet',
      direction: 'inbound',
      secureBy: null,
      arrival: mail.arrival,
      guards: [],
      submittedBy: 'internet',
      content: mail.content,
      recipientIds: recipients.map((recipient) => recipient.recipientId),
      acceptedAt: at.toISOString(),
      deadlineAt: new Date(at.getTime() + deadlineMinutes * 60_000).toISOString(),
    },
    personal: {
      mailFrom: mail.mailFrom,
      recipients,
      subject: subjectInEvent(mail.subject),
      messageId: messageIdInEvent(mail.messageId),
      arrival: mail.names,
    },
  };
}

/** Whether its sender asks, by DMARC, that such a mail be refused, and the tenant does so. */
export const isToBeRefused = (
  { dmarc }: Arrival['authentication'],
  { dmarcFail }: { dmarcFail: 'deliver' | 'refuse' },
): boolean => dmarcFail === 'refuse' && dmarc.result === 'fail' && dmarc.policy === 'reject';

export const threadOf = (thread: KnownThread | null): Arrival['thread'] =>
  thread === null ? 'new' : thread.secure ? 'secure' : 'known';

/** It is S/MIME, and by what it says of itself encrypted: what is answered to it is not to go out insecurely. */
export function comesEncrypted(header: Header): boolean {
  const type = header.get('Content-Type')?.toLowerCase() ?? '';
  if (!/^\s*(application\/(x-)?pkcs7-mime|application\/octet-stream.*smime\.p7m)/s.test(type)) return false;
  return !/smime-type\s*=\s*"?(signed-data|certs-only|compressed-data)/.test(type);
}
