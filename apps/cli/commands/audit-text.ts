// SPDX-License-Identifier: Apache-2.0
import type { ConsistencyVerdict } from '@securemail/ledger';
import { verdictLines, type Verdict } from '@securemail/ledger/verify';
import type { Replayed } from '@securemail/receipts';
import { plain } from './certificates-text.ts';

/** The verdict for a person; a line for each thing. */
export function verdictText(verdict: Verdict): string {
  const lines = verdictLines(verdict).map(([about, text]) => `${about.padEnd(9)}${text}`);
  return `${[verdict.isVerified ? 'VERIFIED' : 'NOT VERIFIED', ...lines].map(plain).join('\n')}\n`;
}

/** Whether the ledger begins with what was kept of it, for a person; a line for each thing. */
export function consistencyText({
  isVerified,
  isOpen,
  kept,
  latter,
  seenBy,
  fault,
}: ConsistencyVerdict): string {
  const [before, after] = [kept?.size ?? 0, latter?.size ?? 0].toSorted((a, b) => a - b);
  const text =
    fault ??
    `The ledger of ${after} leaves begins with the ${before} that it had: nothing of them was rewritten since.`;
  const witnesses = seenBy.map(
    ({ name, at }) =>
      `witness  ${name} saw what was kept, of ${kept?.size ?? 0} leaves, at ${at?.toISOString() ?? ''}`,
  );
  const verdict = isVerified ? 'CONSISTENT' : isOpen ? 'NOT PROVEN' : 'NOT CONSISTENT';
  return `${[verdict, text, ...witnesses].map(plain).join('\n')}\n`;
}

/** @param recordedAt a time of the ledger that is yet to come. */
export const clockAheadText = (recordedAt: Date): string =>
  `A clock was ahead: the ledger has ${recordedAt.toISOString()}, and gives what it records that time until it has come.`;

/** What came out of a replay; a line for each thing. */
export function replayText({
  events,
  emails,
  states,
  differences,
  differenceCount,
  behind,
  unreadable,
  unreadableCount,
}: Replayed): string {
  const lines = [
    `${events} events, ${emails} emails`,
    ...Object.entries(states).map(([state, count]) => `state    ${state}: ${count}`),
    ...unreadable.map((leaf) => `broken   leaf ${leaf} is no event that can be read; it is left out`),
    ...(unreadableCount > unreadable.length
      ? [`broken   and ${unreadableCount - unreadable.length} more`]
      : []),
    ...(differences ?? []).map(
      ({ emailId, field, recorded, shown }) =>
        `differs  ${emailId} ${field}: recorded ${JSON.stringify(recorded)}, shown ${JSON.stringify(shown)}`,
    ),
    ...(differences !== null && differenceCount > differences.length
      ? [`differs  and ${differenceCount - differences.length} more`]
      : []),
    ...(behind > 0
      ? [
          `behind   ${behind} events that are shown are not recorded: where the ledger is behind, replay again once it has come so far`,
        ]
      : []),
    ...(differences?.length === 0 ? ['What is shown is what follows from these events.'] : []),
  ];
  return `${lines.map(plain).join('\n')}\n`;
}
