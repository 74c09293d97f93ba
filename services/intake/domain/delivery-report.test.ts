// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { reportIn } from '../adapters/report-in.ts';
import { BO_FAILED, postfixReport } from '../testing/delivery-reports.ts';
import { headerWith } from '../testing/header.ts';
import { mayBeDeliveryReport } from './delivery-report.ts';

const read = (mail: string | Buffer) => reportIn(Readable.from([Buffer.from(mail)]));
const MESSAGE_ID = '<1@demo.example>';
const about = (recipient: string, more: object = {}) =>
  read(postfixReport({ messageId: MESSAGE_ID, recipient, ...more }));

it('says which mail, which recipient, what became of it and why', async () => {
  expect(await about(BO_FAILED)).toEqual({
    messageId: MESSAGE_ID,
    reportingMta: 'dns; mx.citizen.example',
    recipients: [
      {
        addresses: ['bo@citizen.example', 'bo@citizen.example'],
        action: 'failed',
        status: '5.1.1',
        diagnostic: expect.stringMatching(/^smtp; 550 5\.1\.1 .*Recipient address\s+rejected/),
      },
    ],
  });
});

it.each(['text/rfc822-headers', 'message/rfc822', 'message/global', 'message/global-headers'])(
  'returns the mail as %s',
  async (returned) => {
    expect((await about(BO_FAILED, { returned }))?.messageId).toBe(MESSAGE_ID);
  },
);

it.each([
  [
    'Exchange Online',
    'Final-Recipient: rfc822;bo@citizen.example\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup',
  ],
  [
    'one with a comment behind what was done',
    'Final-Recipient: rfc822;bo@citizen.example\nAction: failed (mailbox full)\nStatus: 5.2.2',
  ],
  ['Exim, which says no more', 'Action: failed\nFinal-Recipient: rfc822;bo@citizen.example\nStatus: 5.0.0'],
  [
    'Sendmail, which is late',
    'Final-Recipient: RFC822; <bo@citizen.example>\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Tue, 6 Jan 2026 10:00:00 +0000',
  ],
  [
    'with a comment',
    'Final-Recipient: rfc822; bo@citizen.example\nAction: FAILED\nStatus: 5.2.2 (mailbox full)',
  ],
])('a group of %s', async (_, group) => {
  expect((await about(group))?.recipients[0]?.addresses).toEqual(['bo@citizen.example']);
});

it.each([
  ['no action', BO_FAILED.replace('Action: failed\n', '')],
  ['an action that there is not', BO_FAILED.replace('Action: failed', 'Action: sold')],
  ['no status', BO_FAILED.replace('Status: 5.1.1\n', '')],
  ['no recipient', 'Action: failed\nStatus: 5.1.1'],
  ['a recipient who is none', 'Final-Recipient: x400; C=DK\nAction: failed\nStatus: 5.1.1'],
  ['two hundred recipients', Array.from({ length: 200 }, () => BO_FAILED).join('\n\n')],
  ['no group', ''],
])('a report with %s is a mail', async (_, recipient) => {
  expect(await about(recipient)).toBeNull();
});

it('without a Message-ID of what it is about, it is a mail', async () => {
  expect(await read(postfixReport({ messageId: '', recipient: BO_FAILED }))).toBeNull();
});

it.each([
  ['multipart/report; report-type=delivery-status; boundary=x', true],
  ['Multipart/Report; boundary=x; REPORT-TYPE="delivery-status"', true],
  ['multipart/report; report-type=disposition-notification; boundary=x', false],
  ['multipart/report; boundary=x', true],
  ['multipart/mixed; boundary=x', true],
  ['multipart/related; boundary=x', false],
  ['text/plain', true],
  ['text/html', false],
])('%s: %s', async (type, is) => {
  expect(mayBeDeliveryReport(await headerWith('From: a@b.example', `Content-Type: ${type}`))).toBe(is);
});

it('is never more than a mail, whatever was done to it', async () => {
  const whole = postfixReport({ messageId: MESSAGE_ID, recipient: BO_FAILED });
  const pieces = [
    '\r\n',
    '\r\n\r\n',
    '--',
    ';',
    ':',
    '=?utf-8?q?',
    '(',
    '"',
    '\u0000',
    'boundary=',
    BO_FAILED,
  ];
  const change = fc.record({
    at: fc.nat(whole.length),
    length: fc.nat(60),
    by: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 20 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const mail = changes.reduce(
        (text, { at, length, by }) => text.slice(0, at) + by + text.slice(at + length),
        whole,
      );
      const report = await read(mail);
      if (report === null) return;
      expect(report.messageId).toMatch(/^<[^<>\s]+>$/);
      expect(report.recipients.length).toBeGreaterThan(0);
      for (const { addresses, diagnostic } of report.recipients) {
        expect(addresses.length).toBeGreaterThan(0);
        expect((diagnostic ?? '').length).toBeLessThanOrEqual(500);
      }
    }),
    { numRuns: 2_000 },
  );
});

it('of any size is looked at only in its beginning', async () => {
  let given = 0;
  const endless = async function* () {
    yield Buffer.from(
      postfixReport({ messageId: MESSAGE_ID, recipient: BO_FAILED }).replace(/--4V[^\n]*--\r\n$/, ''),
    );
    for (;;) {
      given += 65_536;
      yield await Promise.resolve(Buffer.alloc(65_536, 'x\r\n'));
    }
  };
  expect((await reportIn(endless()))?.messageId).toBe(MESSAGE_ID);
  expect(given).toBeLessThan(1_000_000);
});
