// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { UnneutralisableError } from './errors.ts';
import { activeParts, neutralised } from './neutralise.ts';
import { splitParts } from './split-parts.ts';

const NOTICE = 'Links & pictures were <removed>.';
const AS_TEXT = 'Only words are left.';
const SEED = 'd3b07384d113edec49eaa6238ad5ff00';
const inChunks = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    ),
  );
const harmless = async (message: string | Buffer, size = 7) =>
  buffer(
    neutralised(inChunks(Buffer.from(message as string), size), {
      notice: NOTICE,
      asText: AS_TEXT,
      seed: SEED,
    }),
  );

async function bodiesOf(message: Buffer): Promise<string[]> {
  const bodies: string[] = [];
  for await (const chunk of splitParts(inChunks(message, 65_536))) {
    if (chunk.type === 'node') bodies.push('');
    else if (chunk.type === 'body') bodies.push((bodies.pop() ?? '') + chunk.value.toString('latin1'));
  }
  // Some readers count the line end before a delimiter as a body that there is not.
  return bodies.map((body) => (body === '\r\n' ? '' : body));
}

const html = (body: string, fields = 'Content-Type: text/html; charset=utf-8') =>
  `${fields}\r\n\r\n${body}\r\n`;

describe('what is not to act any more', () => {
  it.each([
    ['a picture elsewhere', '<img src="http://evil.example/x">'],
    ['a picture whose address goes on into the text', '<img src="http://evil.example/'],
    ['a protocol-relative one', '<img src="//evil.example/x">'],
    ['a set of pictures', '<img srcset="https://evil.example/x 2x">'],
    ['a style', '<p style="background:url(https://evil.example/x)">hello</p>'],
    ['a sheet of styles', '<style>@import "https://evil.example/x";</style>'],
    ['a linked one', '<link rel="stylesheet" href="https://evil.example/x">'],
    ['a script', '<script>fetch("https://evil.example")</script>'],
    ['a handler', '<b onmouseover="location=`https://evil.example`">hello</b>'],
    ['a form', '<form action="https://evil.example"><button>go</button></form>'],
    ['a frame', '<iframe src="https://evil.example"></iframe>'],
    ['a link', '<a href="https://evil.example/?q=">click</a>'],
    ['a video', '<video poster="https://evil.example/x"></video>'],
    ['an object', '<object data="https://evil.example/x"></object>'],
    ['a redirection', '<meta http-equiv="refresh" content="0;url=https://evil.example">'],
    ['a base', '<base href="https://evil.example"><img src="x">'],
    ['a drawing', '<svg><image href="https://evil.example/x"/></svg>'],
    ['a background', '<table background="https://evil.example/x"><tr><td>hello</td></tr></table>'],
    ['script as an address', '<img src="javascript:alert(1)">'],
  ])('%s', async (_, body) => {
    for (const message of [
      html(body),
      html(body, 'Content-Type: TEXT/HTML (a comment)'),
      html(
        Buffer.from(body).toString('base64'),
        'Content-Type: text/html\r\nContent-Transfer-Encoding: base64',
      ),
      `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n--b\r\n${html(body)}--b--\r\n`,
      `Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n${html(body)}`,
    ]) {
      const read = await simpleParser(await harmless(message));
      const inner = await Promise.all(read.attachments.map(({ content }) => simpleParser(content)));
      const shown = [read, ...inner].map((each) => each.html || '').join('');
      expect(shown).toContain('Links &amp; pictures were &lt;removed&gt;.');
      expect(shown).not.toMatch(/evil\.example|javascript:|fetch\(/);
    }
  });

  it('text in other charsets is read as what programs read it', async () => {
    const utf16 = Buffer.from('\ufeff<img src="http://evil.example/x">blåbær', 'utf16le');
    const utf7 = Buffer.from('+ADw-img src+AD0-http://evil.example+AD4-bl+AOU-b');
    const message = (bytes: Buffer, charset: string) =>
      html(
        bytes.toString('base64'),
        `Content-Type: text/html; charset=${charset}\r\nContent-Transfer-Encoding: base64`,
      );
    const one = await simpleParser(await harmless(message(utf16, 'utf-16le')));
    expect(one.html).toContain('blåbær');
    expect(one.html).not.toContain('evil');
    const other = await simpleParser(await harmless(message(utf7, 'utf-7')));
    expect(other.html).toContain('blåb');
    expect(other.html).not.toContain('evil');
  });

  it.each([
    'image/svg+xml',
    'application/xml',
    'text/javascript',
    'application/vnd.ms-excel.sheet.macroEnabled.12',
    'message/external-body; access-type=URL',
  ])('a part of the type %s is only there to be saved', async (type) => {
    const out = (await harmless(`Content-Type: ${type}\r\n\r\n<svg/>\r\n`)).toString();
    expect(out).toBe(
      'Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n\r\n<svg/>\r\n',
    );
  });
});

describe('what is harmless', () => {
  it('stays: words, their markup, pictures in the mail', async () => {
    const { html: shown } = await simpleParser(
      await harmless(html('<h1>Hello</h1><p>10 &lt; 11 &amp; <b>æøå</b> <img src="cid:a@b" alt="A"></p>')),
    );
    expect(shown).toContain('<h1>Hello</h1><p>10 &lt; 11 &amp; <b>æøå</b> <img src="cid:a@b" alt="A" /></p>');
  });

  it('what is no HTML stays byte for byte, in whatever chunks', async () => {
    const line = fc.constantFrom(
      'plain',
      '--b\r\nContent-Id: <1@b>\r\n',
      '--c--',
      '--b--',
      '',
      ' ',
      'a: b',
      'æ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.nat({ max: 30 }), async (lines, size) => {
        const message = Buffer.from(
          `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfirst\r\n--b\r\nContent-Type: application/pdf\r\n\r\n${lines.join('\r\n')}\r\n--b--\r\n`,
        );
        expect(await bodiesOf(await harmless(message, size + 1))).toEqual(await bodiesOf(message));
      }),
    );
  });
});

it('headers and delimiters are written in the one way that there is', async () => {
  const message =
    'From: a@a.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nfor old programs\r\n--b\r\n\r\nfirst\r\n' +
    "--b\r\nContent-Type: image/png; name*=utf-8''%C3%A6.png\r\nno field\r\nContent-Id: <1@b>\r\n\r\nPNG\r\n--b--\r\nthe end\r\n";
  expect((await harmless(message)).toString()).toBe(
    [
      'From: a@a.example',
      'Content-Type: multipart/mixed;',
      ` boundary="=_1_${SEED}"`,
      '',
      `--=_1_${SEED}`,
      'Content-Type: text/plain',
      '',
      'first',
      `--=_1_${SEED}`,
      'Content-Id: <1@b>',
      'Content-Type: image/png',
      'Content-Disposition: inline;',
      " filename*=utf-8''%C3%A6.png",
      '',
      'PNG',
      `--=_1_${SEED}--`,
      '',
    ].join('\r\n'),
  );
});

it.each([
  ['none', html('a', 'Content-Type: text/plain')],
  ['none-in-html', 'Content-Type: image/svg+xml\r\n\r\n<svg/>'],
  ['none-in-html', 'Content-Type: multipart/mixed; boundary=b\r\n\r\nno part\r\n'],
  ['none-in-html', 'Content-Type: text/calendar\r\n\r\nx'],
  ['none-in-html', 'Content-Type: application/octet-stream; name=a.html\r\n\r\nx'],
  ['none-in-html', `Content-Type: message/rfc822\r\n\r\n${html('a')}`],
  ['none', 'Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ntext'],
  [
    'none-in-html',
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\ntext\r\n--c\r\n${html('a')}\r\n--c--\r\n--b\r\nContent-Type: image/svg+xml\r\n\r\n<svg/>\r\n--b--\r\n`,
  ],
  ['in-html', html('<b>a</b>')],
  [
    'in-html',
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/svg+xml\r\n\r\n<svg/>\r\n--b\r\n${html('a')}\r\n--b--\r\n`,
  ],
])('what acts is found beforehand: %s', async (found, message) => {
  expect(await activeParts(inChunks(Buffer.from(message), 7))).toBe(found);
});

it('a message with more parts than mail has is not let through', async () => {
  const parts = '--b\r\n\r\nx\r\n'.repeat(5_000);
  await expect(
    harmless(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`, 65_536),
  ).rejects.toThrow(UnneutralisableError);
});

it('an error of the source comes through', async () => {
  const source = async function* () {
    yield Buffer.from('Content-Type: text/html\r\n\r\n<b>');
    await Promise.resolve();
    throw new Error('the vault is away');
  };
  await expect(
    buffer(neutralised(source(), { notice: NOTICE, asText: AS_TEXT, seed: SEED })),
  ).rejects.toThrow('the vault is away');
});
