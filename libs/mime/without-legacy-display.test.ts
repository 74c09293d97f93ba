// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { withoutLegacyDisplay } from './index.ts';

const LEGACY = 'hp-legacy-display="1"';
const written = async (...lines: string[]) =>
  (await buffer(withoutLegacyDisplay(Readable.from([Buffer.from(lines.join('\r\n'))])))).toString('latin1');
const DISPLAY = '<div class="header-protection-legacy-display"><pre>Subject: Journal</pre></div>';

describe('a Legacy Display Element', () => {
  it('goes out of a text, whatever its encoding', async () => {
    const [header, text] = [
      `Content-Type: text/plain; charset=utf-8; ${LEGACY}; hp="cipher"`,
      'Subject: Journal\r\nTo: Ænna\r\n\r\nKære Anna\r\n\r\nBo\r\n',
    ];
    for (const [encoding, body] of [
      ['8bit', text],
      ['base64', Buffer.from(text).toString('base64')],
      ['quoted-printable', text.replace('Æ', '=C3=86').replace('æ', '=C3=A6')],
    ] as const) {
      const found = await written(
        'Subject: Journal',
        header,
        `Content-Transfer-Encoding: ${encoding}`,
        '',
        body,
      );
      expect((await simpleParser(found)).text).toBe('Kære Anna\n\nBo\n');
      expect(found).toContain('Content-Type: text/plain; charset=utf-8; hp="cipher"\r\n');
      expect(found).not.toContain('hp-legacy-display');
      expect(found.startsWith('Subject: Journal\r\n')).toBe(true);
    }
  });

  it('goes out of both forms of a text, and all else stays', async () => {
    const file = ['--outer', `Content-Type: text/x-log; ${LEGACY}`, '', 'a', '', 'b'];
    const other = ['--outer', 'Content-Type: text/plain', '', 'Subject: x', '', 'y', '--outer--', ''];
    const found = await written(
      ...['Content-Type: multipart/mixed; boundary=outer; hp="cipher"', '', 'Preamble', '--outer'],
      ...['Content-Type: multipart/alternative; boundary=inner', '', '--inner'],
      ...[`Content-Type: text/plain;`, ` ${LEGACY}`, '', 'Subject: Journal', '', 'Kim', '--inner'],
      ...[
        `Content-Type: text/html; ${LEGACY}`,
        '',
        `<html><body>${DISPLAY.replace('<pre>', '<div>To</div><pre>')}<div>Kim</div></body></html>`,
      ],
      ...['--inner--', ...file, ...other],
    );
    const { text, html } = await simpleParser(found);
    expect(text).toMatch(/^Kim\n/);
    expect(html).toContain('<html><body><div>Kim</div></body></html>');
    expect(found).toContain('Preamble');
    expect(found).toContain([...file, ...other].join('\r\n'));
  });

  it.each([
    ['is not said', 'text/plain', 'Subject: x\r\n\r\ny'],
    ['is said of another type', `text/csv; ${LEGACY}`, 'Subject: x\r\n\r\ny'],
    ['is said otherwise', 'text/plain; hp-legacy-display="0"', 'Subject: x\r\n\r\ny'],
    ['has no end', `text/plain; ${LEGACY}`, 'Subject: x\r\ny'],
    ['has no end in HTML', `text/html; ${LEGACY}`, DISPLAY.replace('</div>', '')],
    ['is not there in HTML', `text/html; ${LEGACY}`, '<div>Subject: x</div>'],
    ['stands in other octets than ASCII', `text/plain; charset=utf-16; ${LEGACY}`, 'x\r\n\r\ny'],
    [
      'is in an attached message',
      'message/rfc822',
      `Content-Type: text/plain; ${LEGACY}\r\n\r\nSubject: x\r\n\r\ny`,
    ],
    [
      'is signed by OpenPGP',
      'multipart/signed; boundary=b',
      `--b\r\nContent-Type: text/plain; ${LEGACY}\r\n\r\nSubject: x\r\n\r\ny\r\n--b--\r\n`,
    ],
  ])('that %s changes nothing', async (_, type, body) => {
    const entity = `Content-Type: ${type}\r\n\r\n${body}`;
    expect(await written(entity)).toBe(entity);
  });

  it('in a text of hostile tags takes no longer than in one of as many words', async () => {
    const timed = async (word: string) => {
      const start = performance.now();
      await written(`Content-Type: text/html; ${LEGACY}`, '', word.repeat(400_000));
      return performance.now() - start;
    };
    await timed('<div ');
    expect((await timed('<div ')) / (await timed('word '))).toBeLessThan(100);
  });
});
