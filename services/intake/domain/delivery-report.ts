// SPDX-License-Identifier: Apache-2.0
import {
  ReportedAction,
  readAddress,
  type Address,
  type DomainEvent,
  type NewEvent,
  type SmtpReply,
} from '@securemail/contracts';
import type { Header } from '@securemail/mime';

/** What another server reports of a mail that it took (RFC 3464). */
export interface DeliveryReport {
  /** Of the mail that it is about, with its angle brackets. */
  messageId: string;
  reportingMta: string | null;
  recipients: readonly ReportedRecipient[];
}

export interface ReportedRecipient {
  /** As we wrote it, where the report says so, else what the server made of it; at least one. */
  addresses: readonly Address[];
  action: ReportedAction;
  /** RFC 3463, such as `5.1.1`. */
  status: string;
  diagnostic: string | null;
}

/**
 * Whether a mail from nobody may be such a report (RFC 3464 §2, RFC 6522): some forget to say of which type it is, and what
 * adds a text to every mail puts it into a multipart/mixed.
 */
export const mayBeDeliveryReport = (header: Header): boolean => {
  const type = header.get('Content-Type') ?? '';
  const [, of = 'delivery-status'] = /\breport-type\s*=\s*"?([\w-]+)/i.exec(type) ?? [];
  return (
    (/^\s*multipart\/report\b/i.test(type) && of.toLowerCase() === 'delivery-status') ||
    /^\s*multipart\/mixed\b/i.test(type) ||
    // qmail writes them as text.
    /^\s*(text\/plain\b|$)/i.test(type)
  );
};

/** More of them in one report are nobody's recipients. */
const MOST_RECIPIENTS = 100;
const LONGEST_TEXT = 500;

const MESSAGE_ID = /<[^<>\s]{1,996}>/g;

/**
 * The Message-ID of what a report is about: of what it returns, or, where it returns nothing, what it says that it answers
 * (RFC 5322 §3.6.4), as some servers do that keep the mail to themselves.
 *
 * @param returned its header; null where nothing is returned.
 */
export function reportedOn(report: Header, returned: Header | null): string | null {
  if (returned !== null) return returned.get('Message-ID')?.match(MESSAGE_ID)?.[0] ?? null;
  const answered = report.get('In-Reply-To')?.match(MESSAGE_ID)?.[0];
  return answered ?? report.get('References')?.match(MESSAGE_ID)?.at(-1) ?? null;
}

/**
 * What the groups of fields of a report say (RFC 3464 §2.1), the first about the whole, each other one about a recipient.
 *
 * @returns null where one of them can not be understood.
 */
export function readReport(
  messageId: string | null,
  [whole, ...groups]: readonly Header[],
): DeliveryReport | null {
  if (messageId === null || whole === undefined) return null;
  if (groups.length === 0 || groups.length > MOST_RECIPIENTS) return null;
  const recipients = groups.map(readRecipient);
  if (!recipients.every((recipient) => recipient !== null)) return null;
  return { messageId, reportingMta: textOf(whole.get('Reporting-MTA')), recipients };
}

function readRecipient(group: Header): ReportedRecipient | null {
  // Some write a comment behind it.
  const action = ReportedAction.safeParse(/[a-z]+/.exec(group.get('Action')?.toLowerCase() ?? '')?.[0]);
  const [status] = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(group.get('Status') ?? '') ?? [];
  const addresses = ['Original-Recipient', 'Final-Recipient'].flatMap((name) => {
    const [, written = ''] = /^\s*(?:rfc822|utf-8)\s*;\s*<?([^<>\s]+)>?/i.exec(group.get(name) ?? '') ?? [];
    const read = readAddress(written);
    return read.ok ? [read.address] : [];
  });
  if (!action.success || status === undefined || addresses.length === 0) return null;
  return { addresses, action: action.data, status, diagnostic: textOf(group.get('Diagnostic-Code')) };
}

const textOf = (text: string | undefined): string | null => text?.trim().slice(0, LONGEST_TEXT) || null;

/** So many reports of one recipient are told of. */
const MOST_REPORTS = 10;

/**
 * The events of an email that a report is of, given all that intake knows of it.
 *
 * @param to whom the report was sent to: it goes to the sender of the email, or to who notifies, and to nobody else.
 * @param notifier whose mails tell of what lies in SecureMailBox.
 * @returns none where all of it was reported before; null where the report is not about this email, or not about all of
 *   the recipients that it names: then it is a mail as any other. Of an email to one recipient, the only one who is named is
 *   where his server passed it on to.
 */
export function reported(
  events: readonly DomainEvent[],
  report: DeliveryReport,
  { to, notifier }: { to: readonly Address[]; notifier: Address },
  at: Date,
): NewEvent<'DeliveryReported'>[] | null {
  const acceptance = events.find((event) => event.name === 'EmailAccepted');
  const sender = acceptance?.personal?.mailFrom?.toLowerCase();
  if (acceptance?.personal == null || acceptance.data.direction === 'inbound') return null;
  const [reportedTo] = to;
  if (to.length !== 1 || reportedTo === undefined) return null;
  if (![sender, notifier.toLowerCase()].includes(reportedTo.toLowerCase())) return null;
  const known = new Map(
    acceptance.personal.recipients.map(({ address, recipientId }) => [address.toLowerCase(), recipientId]),
  );
  const before = events.filter((event) => event.name === 'DeliveryReported');
  const told: NewEvent<'DeliveryReported'>[] = [];
  for (const { addresses, action, status, diagnostic } of report.recipients) {
    const [only, ...others] = known.values();
    const recipientId =
      addresses.map((address) => known.get(address.toLowerCase())).find((id) => id !== undefined) ??
      (others.length === 0 && report.recipients.length === 1 ? only : undefined);
    if (recipientId === undefined) return null;
    const same = [...before, ...told].filter(({ data }) => data.recipientIds.includes(recipientId));
    if (same.some(({ data }) => data.action === action && data.status === status)) continue;
    if (same.length >= MOST_REPORTS) return null;
    told.push({
      name: 'DeliveryReported',
      data: {
        recipientIds: [recipientId],
        action,
        status,
        reply: replyIn(diagnostic),
        reportedAt: at.toISOString(),
      },
      personal: { diagnostic, reportingMta: report.reportingMta },
    });
  }
  return told;
}

/** The reply of a server that a Diagnostic-Code quotes (RFC 3464 §2.3.6). */
function replyIn(diagnostic: string | null): SmtpReply | null {
  const [, code, enhancedCode] =
    /^smtp\s*;\s*([245]\d\d)(?:[ -](?:#)?([245]\.\d{1,3}\.\d{1,3})\b)?/i.exec(diagnostic ?? '') ?? [];
  return code === undefined ? null : { code: Number(code), enhancedCode: enhancedCode ?? null };
}
