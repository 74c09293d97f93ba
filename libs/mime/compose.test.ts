// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { addressesOf, composeMessage, readHeader, RefusedFieldError, type Composition } from './index.ts';

const basic: Composition = {
  from: { address: 'aske@a.example', name: 'Aske Ærø' },
  to: [{ address: 'bob@b.example', name: 'Bob, Jr. "the Builder"' }],
  subject: 'Blåbær',
  text: 'Hej Bob\n',
  date: new Date('2026-11-24T09:00:00Z'),
  messageId: '<1@a.example>',
};
const compose = (more: Partial<Composition> = {}) => buffer(composeMessage({ ...basic, ...more }));

function expectSevenBitCrlf(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  expect(bytes.every((octet) => octet > 0 && octet < 0x80)).toBe(true);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
}

describe('a composed message', () => {
  it('says what it was given, in 7-bit lines', async () => {
    const content = Buffer.from([0, 1, 255, 13, 10, 10]);
    const bytes = await compose({
      cc: [{ address: 'c@c.example' }],
      html: '<p>Blåbær</p>',
      attachments: [
        { filename: 'påmindelse æ.pdf', contentType: 'application/pdf', content },
        { filename: 'tom.txt', contentType: 'text/plain; charset=utf-8', content: Buffer.alloc(0) },
      ],
      headers: { 'Reply-To': 'svar@a.example', 'X-Sag': 'Nr. 7 på listen', 'In-Reply-To': '<0@b.example>' },
    });
    expectSevenBitCrlf(bytes);
    const mail = await simpleParser(bytes);
    expect(mail.from?.value).toEqual([basic.from]);
    expect(mail.to).toMatchObject({ value: basic.to });
    expect(mail.cc).toMatchObject({ value: [{ address: 'c@c.example' }] });
    expect(mail).toMatchObject({
      subject: 'Blåbær',
      text: 'Hej Bob\n',
      html: '<p>Blåbær</p>',
      date: basic.date,
      messageId: '<1@a.example>',
      inReplyTo: '<0@b.example>',
    });
    expect(mail.replyTo?.text).toBe('svar@a.example');
    const { header } = await readHeader(Readable.from([bytes]));
    expect(header.get('X-Sag')).toBe('Nr. 7 på listen');
    expect(
      mail.attachments.map(({ filename, contentType, content: c }) => [filename, contentType, c]),
    ).toEqual([
      ['påmindelse æ.pdf', 'application/pdf', content],
      ['tom.txt', 'text/plain', Buffer.alloc(0)],
    ]);
  });

  it('says an address outside ASCII as it is, and everything else in 7 bits', async () => {
    const addresses = { from: 'søren@a.example', to: '用户@b.example', cc: 'jørgen@c.example' };
    const bytes = await compose({
      from: { address: addresses.from, name: 'Søren Ærø' },
      to: [{ address: addresses.to, name: '用户, Jr.' }],
      cc: [{ address: addresses.cc }],
    });
    const { header } = await readHeader(Readable.from([bytes]));
    const shown = (name: string) => addressesOf(header, name);
    expect(shown('From')).toEqual([{ address: addresses.from, name: 'Søren Ærø' }]);
    expect(shown('To')).toEqual([{ address: addresses.to, name: '用户, Jr.' }]);
    expect(shown('Cc')).toEqual([{ address: addresses.cc }]);
    let rest = bytes.toString();
    for (const address of Object.values(addresses)) rest = rest.replace(address, '');
    expectSevenBitCrlf(Buffer.from(rest));
  });

  it('is a report for programs, too, with what people are told first', async () => {
    const bytes = await compose({
      html: '<p>Hej Bob</p>',
      attachments: [{ filename: 'a.txt', contentType: 'text/plain', content: Buffer.from('attached') }],
      report: {
        status: [
          [['Reporting-MTA', 'dns; a.example']],
          [
            ['Final-Recipient', 'rfc822; b@b.example'],
            ['Diagnostic-Code', `smtp; 550 ${'no '.repeat(100)}`],
          ],
        ],
        header: [['Subject', 'Blåbær']],
      },
    });
    expectSevenBitCrlf(bytes);
    const mail = await simpleParser(bytes);
    expect(mail.headers.get('content-type')).toMatchObject({
      value: 'multipart/report',
      params: { 'report-type': 'delivery-status' },
    });
    expect(mail.text).toMatch(/^Hej Bob\n/);
    expect(mail.html).toContain('<p>Hej Bob</p>');
    expect(mail.attachments.map(({ contentType }) => contentType)).toEqual([
      'text/plain',
      'text/rfc822-headers',
    ]);
    const text = bytes.toString();
    expect(text).toContain('Reporting-MTA: dns; a.example\r\n\r\nFinal-Recipient: rfc822; b@b.example\r\n');
    expect(text.match(/^Message-ID:/gm)).toHaveLength(1);
  });

  it.each([
    ['Status\r\nX-Forged', '1'],
    ['Status', '5.0.0\r\nX-Forged: 1'],
  ])('refuses a field of a report that would be two: %j', (...field) => {
    const report = { status: [[field]], header: [] };
    expect(() => composeMessage({ ...basic, html: '', report })).toThrow(RefusedFieldError);
  });

  it('names no hidden recipient and no software', async () => {
    const { header } = await readHeader(Readable.from([await compose()]));
    expect(header.fields.map(({ name }) => name.toLowerCase()).toSorted()).toEqual([
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
    ]);
  });

  it('carries an attached mail as plain octets, 8-bit text in it included', async () => {
    const content = Buffer.from('Subject: Blåbær\n\nbody\n');
    const attachments = [{ filename: 'mail.eml', contentType: 'message/rfc822', content }];
    const bytes = await compose({ attachments });
    expectSevenBitCrlf(bytes);
    expect((await simpleParser(bytes)).attachments[0]?.content).toEqual(content);
  });

  it('is well-formed for any text', async () => {
    const any = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(any, any, async (text, html) => {
        const bytes = await compose({ text, html });
        expectSevenBitCrlf(bytes);
        await expect(readHeader(Readable.from([bytes]))).resolves.toBeDefined();
      }),
    );
  });

  it.each<[string, string, Partial<Composition>]>([
    ['a subject with a line break', 'bad-value', { subject: 'x\r\nBcc: evil@c.example' }],
    ['a name with a line break', 'bad-value', { from: { address: 'a@a.example', name: 'x\nBcc: y' } }],
    ['an address with a line break', 'bad-address', { to: [{ address: 'b@b>\r\nRCPT TO:<evil@z.example' }] }],
    ['two addresses in one', 'bad-address', { to: [{ address: 'b@b.example, c@c.example' }] }],
    ['an address with a line break of Unicode', 'bad-address', { cc: [{ address: 'bø\u2028@b.example' }] }],
    ['an address that reads backwards', 'bad-address', { cc: [{ address: 'b\u202eø@b.example' }] }],
    ['a header value with a NUL', 'bad-value', { headers: { 'X-A': 'x\0y' } }],
    ['a header value with a line break', 'bad-value', { headers: { 'X-A': 'x\r\nFrom: y' } }],
    ['a header name with a line break', 'bad-name', { headers: { 'X-A: x\r\nFrom': 'y' } }],
    ['a Message-ID that is none', 'bad-message-id', { messageId: 'x' }],
    ['a date that is none', 'bad-value', { date: new Date(NaN) }],
    [
      'an attachment name with a line break',
      'bad-value',
      { attachments: [{ filename: 'a\r\nb', contentType: 'text/plain', content: Buffer.alloc(0) }] },
    ],
    ...['multipart/mixed', 'text', 'text/plain\r\nX: y'].map(
      (contentType): [string, string, Partial<Composition>] => [
        `an attachment of type ${JSON.stringify(contentType)}`,
        'bad-content-type',
        { attachments: [{ filename: 'a', contentType, content: Buffer.alloc(0) }] },
      ],
    ),
    ...['From', 'bcc', 'Content-Type', 'MIME-version', 'Received', 'X-SecureMail-Id', 'DKIM-Signature'].map(
      (name): [string, string, Partial<Composition>] => [
        `a header of ours, ${name},`,
        'reserved-name',
        { headers: { [name]: 'x' } },
      ],
    ),
  ])('is refused with %s', (_, code, more) => {
    expect(() => composeMessage({ ...basic, ...more })).toThrow(RefusedFieldError);
    expect(() => composeMessage({ ...basic, ...more })).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('does not fetch what an input of another shape would point to', async () => {
    const sly = { path: '/etc/hostname' } as unknown as Buffer;
    const attachments = [{ filename: 'a', contentType: 'text/plain', content: sly }];
    await expect(compose({ attachments })).rejects.toThrow(/File access rejected/);
  });
});
