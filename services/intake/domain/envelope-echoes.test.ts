// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { withoutEnvelopeEchoes } from './envelope-echoes.ts';

describe('what is handed in', () => {
  it.each([
    'X-Bcc: kim@c.example',
    'Apparently-To: kim@c.example',
    'Envelope-To: kim@c.example',
    'X-Envelope-To: <kim@c.example>',
    'X-Original-To: kim@c.example',
    'Delivered-To: kim@c.example',
    'X-RcptTo: kim@c.example',
    'X-Rcpt-To: kim@c.example',
    'X-Receiver: kim@c.example',
    'X-Delivered-To: kim@c.example',
    'X-Resolved-To: kim@c.example',
    'X-Real-To: kim@c.example',
    'X-MDRcpt-To: kim@c.example',
    'X-MDaemon-Deliver-To: kim@c.example',
    'X-MS-Exchange-Organization-BCC: kim@c.example',
    'X-Gm-Original-To: kim@c.example',
    'X-Failed-Recipients: kim@c.example, bo@c.example',
    'X-MS-Exchange-Organization-OriginalEnvelopeRecipients: kim@c.example;bo@c.example',
    'X-Apparently-To: kim@c.example',
    'Envelope-Recipients: kim@c.example, bo@c.example',
    'Original-Recipient: rfc822;kim@c.example',
  ])('tells nobody of the envelope: %s', async (field) => {
    const header = withoutEnvelopeEchoes(await headerWith('From: a@demo.example', field, 'Subject: x'));
    expect(header.toBuffer().toString()).toBe('From: a@demo.example\r\nSubject: x\r\n\r\n');
  });

  it.each([
    [
      'from a by b with ESMTPS id 1 for <kim@c.example>; Thu, 01 Jan 2026 00:00:00 +0000',
      'from a by b with ESMTPS id 1; Thu, 01 Jan 2026 00:00:00 +0000',
    ],
    [
      'from a by b with ESMTPS id 1\r\n\tfor <kim@c.example>; Thu, 01 Jan 2026 00:00:00 +0000',
      'from a by b with ESMTPS id 1; Thu, 01 Jan 2026 00:00:00 +0000',
    ],
    [
      'from a by b id 1 for kim@c.example (envelope-from <a@demo.example>); Thu, 01 Jan 2026 00:00:00 +0000',
      'from a by b id 1 (envelope-from <a@demo.example>); Thu, 01 Jan 2026 00:00:00 +0000',
    ],
    [
      'from a by b id 1 for <kim@c.example>, <bo@c.example>; Thu, 01 Jan 2026 00:00:00 +0000',
      'from a by b id 1; Thu, 01 Jan 2026 00:00:00 +0000',
    ],
    [
      'from a by b id 1 (envelope-to kim@c.example); Thu, 01 Jan 2026 00:00:00 +0000',
      'from a by b id 1; Thu, 01 Jan 2026 00:00:00 +0000',
    ],
    ['from for.example by b id 1; Thu, 01 Jan 2026 00:00:00 +0000', null],
  ])('nor do its Received fields: %j', async (received, shorter) => {
    const header = withoutEnvelopeEchoes(await headerWith(`Received: ${received}`));
    expect(header.toBuffer().toString()).toBe(`Received: ${shorter ?? received}\r\n\r\n`);
  });

  it('keeps every octet of all else', async () => {
    const header = await headerWith('To: kim@c.example', 'X-Forwarded-To: kim@c.example', 'Subject:  a');
    expect(withoutEnvelopeEchoes(header).toBuffer()).toEqual(header.toBuffer());
  });
});
