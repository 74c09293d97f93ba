// SPDX-License-Identifier: Apache-2.0
import type { Address, Arrival, ArrivalNames, NewEvent } from '@securemail/contracts';
import type { Header } from '@securemail/mime';
import { taken, type StoredMail } from './decide.ts';
import type { KnownThread } from './guards/guard.ts';

export interface ReceivedMail extends StoredMail {
  mailFrom: Address | null;
  arrival: Arrival;
  names: ArrivalNames;
}

/** The event that makes a mail from outside ours. */
export function receive(mail: ReceivedMail, deadlineMinutes: number, at: Date): NewEvent<'EmailAccepted'> {
  const { data, personal } = taken(mail, deadlineMinutes, at);
  return {
    name: 'EmailAccepted',
    data: {
      channel: 'internet',
      direction: 'inbound',
      secureBy: null,
      arrival: mail.arrival,
      guards: [],
      submittedBy: 'internet',
      ...data,
    },
    personal: { mailFrom: mail.mailFrom, ...personal, arrival: mail.names },
  };
}

/** Whether its sender asks, by DMARC, that such a mail be refused, and the tenant does so. */
export const isToBeRefused = (
  { dmarc }: Arrival['authentication'],
  { dmarcFail }: { dmarcFail: 'deliver' | 'refuse' },
): boolean => dmarcFail === 'refuse' && dmarc.result === 'fail' && dmarc.policy === 'reject';

export const threadOf = (thread: KnownThread | null): Arrival['thread'] =>
  thread === null ? 'new' : thread.secure === null ? 'known' : 'secure';

/** It is S/MIME, and by what it says of itself encrypted: what is answered to it is not to go out insecurely. */
export function comesEncrypted(header: Header): boolean {
  const type = header.get('Content-Type')?.toLowerCase() ?? '';
  if (!/^\s*(application\/(x-)?pkcs7-mime|application\/octet-stream.*smime\.p7m)/s.test(type)) return false;
  return !/smime-type\s*=\s*"?(signed-data|certs-only|compressed-data)/.test(type);
}
