// SPDX-License-Identifier: Apache-2.0
import type { verifyFile } from '@securemail/ledger';
import type { Replayed } from '@securemail/receipts';
import { plain } from './certificates-text.ts';

type Verdict = Awaited<ReturnType<typeof verifyFile>>;

/** The verdict for a person; a line for each thing. */
export function verdictText(verdict: Verdict): string {
  const { isVerified, events, scope, checkpoint, signedBy, faults, faultCount, notices, noticeCount } =
    verdict;
  const lines = [
    isVerified ? 'VERIFIED' : 'NOT VERIFIED',
    ...(checkpoint === null
      ? []
      : [
          `ledger   ${checkpoint.origin}, ${checkpoint.size} leaves, root ${Buffer.from(checkpoint.root).toString('base64')}`,
        ]),
    ...signedBy.map(({ name, at }) =>
      at === null ? `signed   by ${name}` : `seen     by ${name}, ${at.toISOString()}`,
    ),
    ...(scope === null ? [] : [`scope    ${scopeText(scope)}`]),
    `events   ${events} are as the ledger has them`,
    ...(verdict.proven ?? []).map(
      ({ index, type, emailId, time, recordedAt }) =>
        `proven   leaf ${index}: ${type} of email ${emailId}, ${time}, recorded ${recordedAt}`,
    ),
    ...faults.map(({ kind, text }) => `fault    ${kind}: ${text}`),
    ...(faultCount > faults.length ? [`fault    and ${faultCount - faults.length} more`] : []),
    ...notices.map(({ line, eventId, text }) => `notice   line ${line}, event ${eventId}: ${text}`),
    ...(noticeCount > notices.length ? [`notice   and ${noticeCount - notices.length} more`] : []),
  ];
  return `${lines.map(plain).join('\n')}\n`;
}

function scopeText(scope: NonNullable<Verdict['scope']>): string {
  if (scope.kind === 'email') return `the whole email ${scope.emailId}`;
  const { from, to, first, count } = scope;
  return `recorded ${from === null ? 'from the beginning' : `from ${from}`} ${to === null ? 'to the end' : `to ${to}`}: leaves ${first} to ${first + count - 1}`;
}

/** What came out of a replay; a line for each thing. */
export function replayText({ events, emails, states, differences, differenceCount }: Replayed): string {
  const lines = [
    `${events} events, ${emails} emails`,
    ...Object.entries(states).map(([state, count]) => `state    ${state}: ${count}`),
    ...(differences ?? []).map(
      ({ emailId, field, recorded, shown }) =>
        `differs  ${emailId} ${field}: recorded ${JSON.stringify(recorded)}, shown ${JSON.stringify(shown)}`,
    ),
    ...(differences !== null && differenceCount > differences.length
      ? [`differs  and ${differenceCount - differences.length} more`]
      : []),
    ...(differences?.length === 0 ? ['What is shown is what follows from these events.'] : []),
  ];
  return `${lines.map(plain).join('\n')}\n`;
}
