// SPDX-License-Identifier: Apache-2.0
import type { Forwarding } from './mailbox-list.ts';

/** Somebody of whom no address is known; `readMailboxList` takes a name for somebody outside. */
const UNKNOWN = 'unknown';

/** A list that says the same to `readMailboxList`, a row for each target. */
export const writeMailboxList = (forwardings: readonly Forwarding[]): string =>
  [
    'Mailbox,ForwardTo',
    ...forwardings.flatMap(({ mailbox, to }) =>
      to.map((each) => `${field(mailbox)},${field(each ?? UNKNOWN)}`),
    ),
    '',
  ].join('\r\n');

/** RFC 4180 §2. */
const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
