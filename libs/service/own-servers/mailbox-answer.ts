// SPDX-License-Identifier: Apache-2.0

/** What an own mail server says of a mailbox; `no-answer`: nothing that one could go by. */
export type MailboxAnswer = 'known' | 'unknown' | 'no-answer';

/**
 * What a reply to RCPT TO says of the mailbox (RFC 5321 §4.2, RFC 3463). A server that refuses for another reason, or for
 * now, has not said that there is no such mailbox: its policies are about whom it talks to, and that is us.
 */
export function answerIn(reply: string): MailboxAnswer {
  const [, code = '', enhanced] = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3})(?= |$))?/.exec(reply) ?? [];
  if (/^25[012]$/.test(code)) return 'known';
  if (!/^55[013]$/.test(code)) return 'no-answer';
  return enhanced === undefined || NO_MAILBOX.test(enhanced) ? 'unknown' : 'no-answer';
}

/** About the address; a mailbox that is disabled; and what Exchange Online says of one that it does not have. */
const NO_MAILBOX = /^5\.(1\.\d+|2\.1|4\.1)$/;
