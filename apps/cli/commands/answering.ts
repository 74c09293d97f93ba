// SPDX-License-Identifier: Apache-2.0
import type { Written } from '../world/arrivals.ts';

/** For a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The start of a command that hands a mail in, to be sent securely; its body follows, quoted. */
export const handIn = ({ url, apiKey }: { url: string; apiKey: string }): string =>
  `curl -s ${url}/v1/emails -H "Authorization: Bearer $(cat ${quoted(apiKey)})" -H 'Content-Type: application/json' -d `;

/** What a case worker's mail program does with what was written in SecureMailBox, by _Reply_ and _Send securely_. */
export function answering(
  { to, from, subject, messageId, references }: Written,
  gateway: { url: string; apiKey: string },
): string {
  const headers = { 'In-Reply-To': messageId, References: [...references, messageId].join(' ') };
  const answer = { from: to, to: [from], subject: `Re: ${subject}`, text: 'Thank you. …', headers };
  return `${handIn(gateway)}${quoted(JSON.stringify(answer))}`;
}
