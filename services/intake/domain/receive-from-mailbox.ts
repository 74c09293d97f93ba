// SPDX-License-Identifier: Apache-2.0
import type { Address, NewEvent } from '@securemail/contracts';
import { taken, type StoredMail } from './decide.ts';

export interface WrittenMail extends StoredMail {
  /** Who wrote it. */
  mailFrom: Address;
  /** Which gateway takes it. */
  hostname: string;
}

/**
 * The event that makes what somebody outside wrote in SecureMailBox ours: it comes in, as mail from outside does, though no
 * mail server brought it. It was asked for here, and belongs to a thread that is secure.
 */
export function receiveFromMailbox(
  { mailFrom, hostname, ...mail }: WrittenMail,
  deadlineMinutes: number,
  at: Date,
): NewEvent<'EmailAccepted'> {
  const { data, personal } = taken(mail, deadlineMinutes, at);
  return {
    name: 'EmailAccepted',
    data: {
      channel: 'mailbox',
      direction: 'inbound',
      secureBy: null,
      arrival: {
        tls: null,
        authentication: { spf: 'none', dkim: [], dmarc: { result: 'none', policy: null }, arc: 'none' },
        thread: 'secure',
      },
      guards: [],
      submittedBy: 'mailbox',
      ...data,
    },
    personal: {
      mailFrom,
      ...personal,
      arrival: {
        client: '',
        clientName: '',
        receivedBy: hostname,
        spfDomain: null,
        dkimDomains: [],
        dmarcDomain: null,
      },
    },
  };
}
