// SPDX-License-Identifier: Apache-2.0
import type { Verdict } from '@securemail/ledger';
import { plain } from './certificates-text.ts';

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
