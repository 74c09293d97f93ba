// SPDX-License-Identifier: Apache-2.0
import { withoutDetail, type Address, type EmailId } from '@securemail/contracts';

/** Emails of which one person is told by mail, one after the other, about the same recipients. */
export interface Row {
  emails: ReadonlySet<EmailId>;
  lastAt: number;
  /** When was told by mail last. */
  mailedAt: number;
}

export interface RowLimit {
  /** Of so many emails is told by mail. */
  most: number;
  /** How long a row at its end is remembered: what a later digest sets off is to be part of it. */
  restMs: number;
}

/** A row is over after so long without one. What goes round more slowly makes 24 mails a day, and no more of them. */
export const PAUSE_MS = 3_600_000;

/**
 * The row with one more email, unless it is at its end: of that one is then not to be told by a mail of its own, but where an
 * hour has passed since the last that was. So whoever has trouble for long hears of it, and a loop makes 24 mails a day, and
 * as many digests.
 */
export function withNext(
  row: Row | undefined,
  emailId: EmailId,
  at: Date,
  { most, restMs }: RowLimit,
): { row: Row; isIn: boolean } {
  const lastAt = at.getTime();
  const pause = row !== undefined && row.emails.size >= most ? restMs : PAUSE_MS;
  const emails = row === undefined || lastAt - row.lastAt > pause ? new Set<EmailId>() : row.emails;
  // Told of again, or tried again.
  if (emails.has(emailId)) return { row: { emails, lastAt, mailedAt: lastAt }, isIn: true };
  if (row !== undefined && emails.size >= most) {
    const isIn = lastAt - row.mailedAt > PAUSE_MS;
    return isIn
      ? { row: { emails: new Set([...emails, emailId]), lastAt, mailedAt: lastAt }, isIn }
      : { row: { emails, lastAt, mailedAt: row.mailedAt }, isIn };
  }
  return { row: { emails: new Set([...emails, emailId]), lastAt, mailedAt: lastAt }, isIn: true };
}

/**
 * What receipts of one row have in common. It holds for each turn of a loop, whatever the mails in it look like: it is one
 * mailbox that passes them on, and to the addresses of its rule. What went well and trouble are told in rows of their own,
 * so that much of the former keeps nobody from hearing of the latter.
 */
export function rowOf(told: Address, recipients: readonly Address[], smooth: boolean): string {
  return JSON.stringify([oneOf(told), recipients.map(oneOf).toSorted(), smooth]);
}

/** Somebody under whatever subaddress. */
const oneOf = (address: Address): string => (withoutDetail(address) ?? address).toLowerCase();
