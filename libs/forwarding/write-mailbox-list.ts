// SPDX-License-Identifier: Apache-2.0
import { UNSHOWN, type Called, type Forwarding, type Unshown } from './mailbox-list.ts';

/** A list that says the same to `readMailboxList`, a row for each target. */
export const writeMailboxList = (forwardings: readonly Forwarding[]): string =>
  [
    'Mailbox,ForwardTo',
    ...forwardings.flatMap(({ mailbox, to }) =>
      to.map((each) => `${field(mailbox)},${field(typeof each === 'string' ? each : nameOf(each))}`),
    ),
    '',
  ].join('\r\n');

/** As `Get-InboxRule` calls somebody of the address book; nobody is called by nothing. */
function nameOf(target: Called | Unshown): string {
  if ('unshownAmong' in target) return `"not shown" [${UNSHOWN}:${target.unshownAmong}]`;
  const [first = '', name = ''] = target.called;
  return `"${name.replaceAll(/["[\]]/g, ' ')}" [EX:${first.replaceAll(/[[\]]/g, ' ')}]`;
}

/** RFC 4180 §2. */
const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
