// SPDX-License-Identifier: Apache-2.0
import type { Restored, Unrecorded } from '@securemail/receipts';

/** What was heard that the ledger does not have, for who has to say what becomes of it. */
export function unrecordedText({ events, emails, from, to, ledgerRecordedAt }: Unrecorded): string {
  const last = ledgerRecordedAt?.toISOString() ?? 'never';
  if (events === 0)
    return `Everything that was heard until ten minutes ago is in the ledger, which recorded something last: ${last}.\n`;
  return [
    `${events} events of ${emails} emails were heard, and are not in the ledger: of ${from ?? ''} to ${to ?? ''}.`,
    `The ledger recorded something last: ${last}. Where it is behind, they are not recorded yet: wait until it has come so far.`,
    'Else no service appended them. --unrecorded keep: they stay, and all else is as it was recorded; --unrecorded delete: they go.',
    'What stands in the place of a recorded event gives way to that in either case.',
    '',
  ].join('\n');
}

/** How it went, as what comes before what is said of emails. */
export function restoredText({ events, deleted, unreadable, unreadableCount }: Restored): string {
  const more = unreadableCount - unreadable.length;
  return [
    ...unreadable.map(
      ({ tenantId, leaf }) =>
        `broken   leaf ${leaf} of ${tenantId} is no event that can be read; what was heard of it stays\n`,
    ),
    ...(more > 0 ? [`broken   and ${more} more\n`] : []),
    `${events} events are as they were recorded. `,
    ...(deleted > 0 ? [`${deleted} that were not recorded are gone. `] : []),
  ].join('');
}
