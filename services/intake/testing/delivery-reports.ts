// SPDX-License-Identifier: Apache-2.0

/** A report as servers write it, about one recipient. */
export interface ReportOptions {
  messageId: string;
  /** The lines of the recipient's group. */
  recipient: string;
  /** Type of the part that returns the mail. */
  returned?: string;
  to?: string;
}

const inLines = (text: string) => text.replaceAll(/\r?\n/g, '\r\n');

export const postfixReport = ({
  messageId,
  recipient,
  returned = 'message/rfc822',
  to = 'anna@demo.example',
}: ReportOptions): string =>
  inLines(`Date: Thu,  1 Jan 2026 10:00:00 +0000 (UTC)
From: MAILER-DAEMON@mx.citizen.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: ${to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Vd2Z31tYqz9sL.1704103200/mx.citizen.example"
Message-Id: <20260101100000.4Vd2Z@mx.citizen.example>

This is a MIME-encapsulated message.

--4Vd2Z31tYqz9sL.1704103200/mx.citizen.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.citizen.example.

--4Vd2Z31tYqz9sL.1704103200/mx.citizen.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.citizen.example
X-Postfix-Queue-ID: 4Vd2Z31tYqz9sL
Arrival-Date: Thu,  1 Jan 2026 09:59:59 +0000 (UTC)

${recipient}

--4Vd2Z31tYqz9sL.1704103200/mx.citizen.example
Content-Description: Undelivered Message
Content-Type: ${returned}

From: Anna Ager <anna@demo.example>
To: bo@citizen.example
Message-ID: ${messageId}
Content-Type: application/pkcs7-mime; smime-type=enveloped-data

MIAGCSqGSIb3DQEHA6CAMIACAQAxggFXMIIBUwIBADA7MDMxFTATBgNVBAMMDFRlc3Q=

--4Vd2Z31tYqz9sL.1704103200/mx.citizen.example--
`);

export const BO_FAILED = `Final-Recipient: rfc822; bo@citizen.example
Original-Recipient: rfc822;bo@citizen.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.citizen.example
Diagnostic-Code: smtp; 550 5.1.1 <bo@citizen.example>: Recipient address
    rejected: User unknown in virtual mailbox table`;

/** As qmail-send writes it (QSBMF, https://cr.yp.to/proto/qsbmf.txt). @param recipient the address. */
export const qmailReport = ({ messageId, recipient, to = 'anna@demo.example' }: ReportOptions): string =>
  inLines(`Date: 1 Jan 2026 10:00:00 -0000
From: MAILER-DAEMON@mx.citizen.example
To: ${to}
Subject: failure notice

Hi. This is the qmail-send program at mx.citizen.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<${recipient}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <${to}>
Received: (qmail 12345 invoked by uid 0); 1 Jan 2026 09:59:59 -0000
From: Anna Ager <${to}>
To: ${recipient}
Message-ID: ${messageId}
Content-Type: application/pkcs7-mime; smime-type=enveloped-data

MIAGCSqGSIb3DQEHA6CAMIACAQAxggFXMIIBUwIBADA7MDMxFTATBgNVBAMMDFRlc3Q=
`);
