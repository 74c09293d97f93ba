// SPDX-License-Identifier: Apache-2.0
import type { Method } from './method.ts';

/** It lies in SecureMailBox, where its reader comes to read it, and is told so by a mail that holds nothing of it. */
export const mailbox: Method = {
  name: 'mailbox',
  judge(_address, around, _answer, beside) {
    if (!around.mailbox) return { obstacle: 'mailbox-not-available' };
    // Who can't be told that something lies there would never come.
    return { obstacle: beside.tls === 'domain-not-found' ? 'domain-not-found' : null };
  },
  namesRecipients: true,
  tells: () => 'last',
  leg: { from: 'gateway', to: 'mailbox', host: null, protection: { by: 'kept-encrypted' } },
};
