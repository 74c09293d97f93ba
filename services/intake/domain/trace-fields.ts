// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Header } from '@securemail/mime';

export interface Handover {
  emailId: EmailId;
  hostname: string;
  /** The `with` of a Received field (RFC 5321 §4.4, RFC 3848): HTTP, ESMTPS, ESMTPSA. */
  protocol: string;
  at: Date;
}

/** `Bcc` and `Resent-Bcc` name those whom nobody else is to know of (RFC 5322 §3.6.3, §3.6.6). */
const GONE = /^(bcc|resent-bcc|return-path|x-securemail-.*)$/;

/** What the header says when it is stored: ours on top; forged ones of ours and blind copies gone; ids and date there. */
export function withTraceFields(header: Header, { emailId, hostname, protocol, at }: Handover): Header {
  const cleaned = header.without((name) => GONE.test(name));
  const dated = cleaned.get('Date') === undefined ? cleaned.with('Date', rfc5322Date(at)) : cleaned;
  const named =
    dated.get('Message-ID') === undefined ? dated.with('Message-ID', `<${emailId}@${hostname}>`) : dated;
  return named
    .with('X-SecureMail-Id', emailId)
    .prepend('Received', `by ${hostname} (Secure@Mail) with ${protocol} id ${emailId}; ${rfc5322Date(at)}`);
}

/** RFC 5322 §3.3, in UTC. */
const rfc5322Date = (at: Date) => at.toUTCString().replace('GMT', '+0000');
