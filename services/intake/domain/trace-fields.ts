// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import { dateTimeOf, type Header } from '@securemail/mime';

/** Who spoke SMTP to us: what it called itself (EHLO), and where it really was. */
export interface Client {
  name: string;
  address: string;
}

export interface Handover {
  emailId: EmailId;
  hostname: string;
  /** The `with` of a Received field (RFC 5321 §4.4, RFC 3848): HTTP, ESMTPS, ESMTPSA. */
  protocol: string;
  client: Client | null;
  at: Date;
}

/** `Bcc` and `Resent-Bcc` name those whom nobody else is to know of (RFC 5322 §3.6.3, §3.6.6). */
const GONE = /^(bcc|resent-bcc|return-path|x-securemail-.*)$/;

/** What the header says when it is stored: ours on top; forged ones of ours and blind copies gone; ids and date there. */
export function withTraceFields(
  header: Header,
  { emailId, hostname, protocol, client, at }: Handover,
): Header {
  const cleaned = header.without((name) => GONE.test(name));
  const dated = cleaned.get('Date') === undefined ? cleaned.with('Date', dateTimeOf(at)) : cleaned;
  const named =
    dated.get('Message-ID') === undefined ? dated.with('Message-ID', `<${emailId}@${hostname}>`) : dated;
  return named
    .with('X-SecureMail-Id', emailId)
    .prepend(
      'Received',
      `${from(client)}by ${hostname} (Secure@Mail) with ${protocol} id ${emailId}; ${dateTimeOf(at)}`,
    );
}

/** A host name or an address literal; what else a client says of itself is not repeated. */
const EHLO_NAME =
  /^(?=.{1,255}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-z:.]+\])$/i;

/** RFC 5321 §4.4: the name it gave, and its address as we saw it. */
function from(client: Client | null): string {
  if (client === null) return '';
  const literal = literalOf(client.address.replace(/^::ffff:/i, ''));
  return `from ${EHLO_NAME.test(client.name) ? client.name : literal} (${literal}) `;
}

/** RFC 5321 §4.1.3. */
const literalOf = (address: string) => (address.includes(':') ? `[IPv6:${address}]` : `[${address}]`);
