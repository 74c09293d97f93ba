// SPDX-License-Identifier: Apache-2.0
import { base64 } from '../octets.ts';
import type { Scope } from './format.ts';
import type { Verdict } from './verdict.ts';

/** The verdict in words, the same wherever it is shown: what each line is about, and what it says. */
export function verdictLines({
  events,
  exportedAt,
  proven,
  scope,
  checkpoints,
  signedBy,
  faults,
  faultCount,
  notices,
  noticeCount,
}: Verdict): (readonly [about: string, text: string])[] {
  const more = (about: string, count: number, told: number) =>
    count > told ? [[about, `and ${count - told} more`] as const] : [];
  return [
    ...checkpoints.map(
      ({ origin, size, root }) => ['ledger', `${origin}, ${size} leaves, root ${base64(root)}`] as const,
    ),
    ...signedBy.map(({ name, at }) =>
      at === null
        ? (['signed', `by ${name}`] as const)
        : (['seen', `by ${name}, ${at.toISOString()}`] as const),
    ),
    ...(exportedAt === null ? [] : [['exported', exportedAt] as const]),
    ...(scope === null ? [] : [['scope', scopeText(scope, exportedAt)] as const]),
    ['events', `${events} are as the ledger has them`],
    ...proven.map(
      ({ leaf, type, emailId, time, recordedAt }) =>
        ['proven', `leaf ${leaf}: ${type} of email ${emailId}, ${time}, recorded ${recordedAt}`] as const,
    ),
    ...faults.map(({ kind, text }) => ['fault', `${kind}: ${text}`] as const),
    ...more('fault', faultCount, faults.length),
    ...notices.map(
      ({ line, eventId, text }) => ['notice', `line ${line}, event ${eventId}: ${text}`] as const,
    ),
    ...more('notice', noticeCount, notices.length),
  ];
}

function scopeText(scope: Scope, exportedAt: string | null): string {
  if (scope.kind === 'email') return `what was recorded of the email ${scope.emailId}`;
  const { from, to, first, count } = scope;
  const begin = from === null ? 'from the beginning' : `from ${from}`;
  const end = to === null ? 'to its export' : `to ${to}`;
  const isUnderWay = to !== null && exportedAt !== null && Date.parse(exportedAt) < Date.parse(to);
  return `recorded ${begin} ${end}${isUnderWay ? ', which was not over when it was exported' : ''}: leaves ${first} to ${first + count - 1}`;
}
