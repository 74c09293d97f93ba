// SPDX-License-Identifier: Apache-2.0
import type { Method } from './method.ts';

/** It lies in SecureMailBox, where its reader comes to read it. Nothing takes it in yet, so whom it is for is held. */
export const mailbox: Method = {
  name: 'mailbox',
  judge: () => ({ obstacle: 'mailbox-not-available' }),
  namesRecipients: true,
  tells: () => 'last',
  leg: null,
};
