// SPDX-License-Identifier: Apache-2.0
import { dateTimeOf } from '@securemail/mime';
import { rangeOf, type ReportHead } from './tls-report.ts';

export interface ReportMail extends Pick<ReportHead, 'reportId' | 'domain' | 'day' | 'contact'> {
  /** The domain that signs, and for which the report is made. */
  submitter: string;
  to: string;
  /** The report, gzipped, in base64. */
  base64: string;
  date: Date;
}

/** The fields that a signature covers. */
export const SIGNED_FIELDS = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'TLS-Report-Domain',
  'TLS-Report-Submitter',
] as const;

const seconds = (time: string) => Math.floor(Date.parse(time) / 1_000);

/** RFC 8460 §5.1: sender, policy domain, begin and end in seconds since the epoch, and an id. */
export function fileNameOf({
  submitter,
  domain,
  day,
  reportId,
}: Pick<ReportMail, 'submitter' | 'domain' | 'day' | 'reportId'>) {
  const { from, to } = rangeOf(day);
  return `${submitter}!${domain}!${seconds(from)}!${seconds(to)}!${reportId}.json.gz`;
}

/** A report as a mail (RFC 8460 §5.3), in ASCII with lines of CRLF. */
export function reportMail(mail: ReportMail): string {
  const { submitter, domain, reportId, contact, to, date, base64 } = mail;
  const boundary = `report-${reportId}`;
  const lines = [
    `From: <${contact}>`,
    `To: <${to}>`,
    `Date: ${dateTimeOf(date)}`,
    `Message-ID: <${reportId}.${date.getTime()}@${submitter}>`,
    `Subject: Report Domain: ${domain}`,
    ` Submitter: ${submitter}`,
    ` Report-ID: <${reportId}@${submitter}>`,
    `TLS-Report-Domain: ${domain}`,
    `TLS-Report-Submitter: ${submitter}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type="tlsrpt";',
    ` boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset="us-ascii"',
    'Content-Transfer-Encoding: 7bit',
    '',
    'This is an aggregate report of TLS sessions (RFC 8460)',
    `from ${submitter}`,
    `to ${domain}`,
    '',
    `--${boundary}`,
    'Content-Type: application/tlsrpt+gzip',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment;',
    ` filename="${fileNameOf(mail)}"`,
    '',
    ...(base64.match(/.{1,76}/g) ?? []),
    `--${boundary}--`,
    '',
  ];
  return lines.join('\r\n');
}
