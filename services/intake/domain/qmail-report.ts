// SPDX-License-Identifier: Apache-2.0
import { readAddress } from '@securemail/contracts';
import type { ReportedRecipient } from './delivery-report.ts';

/** A report in words that programs read, too: QSBMF, the qmail-send bounce message format (https://cr.yp.to/proto/qsbmf.txt). */
export interface QmailReport {
  reportingMta: string | null;
  recipients: readonly ReportedRecipient[];
  /** What is returned, from its header on. */
  returned: string;
}

const LONGEST_TEXT = 500;

/** @returns null where it is none. */
export function readQmailReport(text: string): QmailReport | null {
  const [first = '', ...paragraphs] = text
    .replaceAll(/\r\n/g, '\n')
    .trimStart()
    .split(/\n[ \t]*\n+/);
  // "The first paragraph of a QSBMF message begins with the string `Hi. This is the`."
  if (!first.startsWith('Hi. This is the')) return null;
  const end = paragraphs.findIndex((paragraph) => paragraph.startsWith('---'));
  if (end < 0) return null;
  const recipients = paragraphs.slice(0, end).flatMap(recipientIn);
  const [, host = null] = /\bat ([a-z0-9.-]{1,255}[a-z0-9])\b/i.exec(first) ?? [];
  return recipients.length === 0
    ? null
    : {
        reportingMta: host === null ? null : `dns; ${host}`,
        recipients,
        returned: paragraphs.slice(end + 1).join('\n\n'),
      };
}

/** "A recipient paragraph begins with `<`": the address, `>:`, and why. */
function recipientIn(paragraph: string): ReportedRecipient[] {
  const [, written = '', why = ''] = /^<([^<>\n]{1,320})>:([^]*)$/.exec(paragraph) ?? [];
  const read = readAddress(written);
  if (!read.ok) return [];
  const [status = '5.0.0'] = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(why) ?? [];
  return [
    {
      addresses: [read.address],
      action: 'failed',
      status,
      diagnostic: why.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TEXT) || null,
    },
  ];
}
