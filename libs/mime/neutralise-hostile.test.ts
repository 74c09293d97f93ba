// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { decodeWords } from './header.ts';
import { activeParts, neutralised } from './neutralise.ts';
import { mayAct } from './testing/lenient-reader.ts';

const EVIL = '<img src="http://evil.example/x">';
const HTML = `Content-Type: text/html\r\n\r\n${EVIL}\r\n`;
const MESSAGE = `Subject: inner\r\n${HTML}`;
const inBase64 = (text: string) => Buffer.from(text).toString('base64');
const quoted = (text: string) => text.replaceAll('=', '=3D').replaceAll('evil', 'ev=69l');
const digest = (part: string) =>
  `Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n${part}\r\n--d--\r\n`;
const mixed = (...parts: string[]) =>
  `Content-Type: multipart/mixed; boundary="b"\r\n\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
const typed = (type: string, body = EVIL, more = '') => `Content-Type: ${type}\r\n${more}\r\n${body}\r\n`;
const encodedIn = (encoding: string) => `Content-Transfer-Encoding: ${encoding}\r\n`;

const HOSTILE: readonly (readonly [string, string])[] = [
  ['a part of a digest, a message without being called one', digest(`\r\n${MESSAGE}`)],
  [
    'a digest with more after its type',
    `Content-Type: multipart/digest (x); boundary=d\r\n\r\n--d\r\n\r\n${MESSAGE}\r\n--d--\r\n`,
  ],
  ['HTML with a comma behind its type', typed('text/html, x')],
  ['HTML with a word behind its type', typed('text/html x')],
  ['HTML with a comma and no space', typed('text/html,text/plain')],
  ['a comment before the type', typed('text/html(x)')],
  ['a usenet article', typed('message/news', MESSAGE)],
  ['a message of UTF-8', typed('message/global', MESSAGE)],
  ['a piece of a message', typed('message/partial; id=x; number=1; total=1', MESSAGE)],
  ['a TNEF', typed('application/ms-tnef')],
  ['a message in base64', typed('message/rfc822', inBase64(MESSAGE), encodedIn('base64'))],
  ['a message in quoted-printable', typed('message/rfc822', quoted(MESSAGE), encodedIn('quoted-printable'))],
  [
    'a message that says to be an attachment',
    typed('message/rfc822', MESSAGE, 'Content-Disposition: attachment\r\n'),
  ],
  ['a message in a message', typed('message/rfc822', typed('message/rfc822', MESSAGE))],
  ['AMP', typed('text/x-amp-html')],
  ['an appointment', typed('text/calendar; method=REQUEST')],
  ['a visiting card', typed('text/vcard')],
  ['a text of a type that nobody knows', typed('text/x-unknown')],
  ['enriched text', typed('text/enriched')],
  ['a drawing', typed('image/svg+xml')],
  ['a page saved whole', typed('multipart/related-x; boundary=b', `--b\r\n${HTML}--b--`)],
  ['a signed content in itself', typed('application/pkcs7-mime; smime-type=signed-data')],
  ['two types', `Content-Type: text/plain\r\n${HTML}`],
  ['two types, the other way round', `Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\n${EVIL}`],
  ['a type with a space before its colon', `Content-Type : text/html\r\n\r\n${EVIL}`],
  ['two encodings', typed('text/html', inBase64(EVIL), `${encodedIn('7bit')}${encodedIn('base64')}`)],
  ['an encoding with more behind it', typed('text/html', inBase64(EVIL), encodedIn('base64 x'))],
  [
    'a multipart in base64',
    typed('multipart/mixed; boundary=b', inBase64(`--b\r\n${HTML}--b--`), encodedIn('base64')),
  ],
  [
    'a boundary that another begins with',
    typed('multipart/mixed; boundary=b', `--b\r\n\r\ntext\r\n--bx\r\n${HTML}--b--`),
  ],
  [
    'a part before the first',
    typed('multipart/mixed; boundary=b', `--bx\r\n${HTML}--b\r\n\r\ntext\r\n--b--`),
  ],
  ['a part behind the last', `${mixed('\r\ntext')}\r\n--b\r\n${HTML}--b--\r\n`],
  [
    'two boundaries',
    typed('multipart/mixed; boundary=a; boundary=b', `--a\r\n\r\ntext\r\n--b\r\n${HTML}--b--\r\n--a--`),
  ],
  [
    'plain octets by the name of a page',
    typed('application/octet-stream', EVIL, 'Content-Disposition: inline; filename=a.html\r\n'),
  ],
  [
    'a picture relative to a base',
    `Content-Type: text/html\r\nContent-Base: http://evil.example/\r\n\r\n<img src="x">${EVIL}`,
  ],
];

/** A link is nothing until somebody follows it, and programs make one of each address in a text. */
const ACTING = /<(?!a\s)[a-z][^>]*evil\.example/i;
const NOTICE = 'Something was removed.';
const AS_TEXT = 'Only words are left.';
const SEED = '5891b5b522d5df086d0ff0b110fbd9d2';
const harmless = async (message: string) =>
  (
    await buffer(
      neutralised(Readable.from([Buffer.from(message, 'latin1')]), {
        notice: NOTICE,
        asText: AS_TEXT,
        seed: SEED,
      }),
    )
  ).toString('latin1');

/** What three programs make of it, by their own lights. */
async function actingIn(message: string): Promise<string> {
  const octets = Buffer.from(message, 'latin1');
  const [one, other] = await Promise.all([simpleParser(octets), PostalMime.parse(octets)]);
  return [one.html || '', other.html ?? '', ...mayAct(message)].join('\n');
}

const around: readonly (readonly [string, (part: string) => string])[] = [
  ['alone', (part) => part],
  ['among others', (part) => mixed('\r\ntext', part)],
  ['in a message', (part) => `Content-Type: message/rfc822\r\n\r\nSubject: x\r\n${part}`],
];

describe.each(around)('a hostile part, %s', (_, place) => {
  it.each(HOSTILE)('%s', async (_title, part) => {
    const message = place(part);
    expect(await actingIn(message)).toMatch(ACTING);
    const result = await harmless(message);
    expect(await actingIn(result)).not.toMatch(ACTING);
    expect(result).not.toMatch(/^content-(base|location)/im);
  });
});

/** The names that programs give what they save, and what they would open it with. */
async function namesIn(message: string): Promise<string[]> {
  const octets = Buffer.from(message, 'latin1');
  const [one, other] = await Promise.all([simpleParser(octets), PostalMime.parse(octets)]);
  const names = [...one.attachments, ...other.attachments].map(({ filename }) => filename ?? '');
  // Some decode once more.
  return names.flatMap((name) => [name, decodeWords(name)]);
}
const named = (type: string, name: string, body = EVIL) =>
  typed(type, body, `Content-Disposition: attachment; ${name}\r\n`);

describe.each(around)('a name that misleads, %s', (_, place) => {
  it.each([
    [
      'an encoded word behind RFC 2231',
      "filename*=utf-8''%3D%3Futf-8%3FQ%3Fx%3D2Ehtml%3F%3D",
      'octet-stream',
    ],
    ['a word encoded twice', 'filename="=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3D2Ehtml=3F=3D?="', 'octet-stream'],
    ['a word around a colon', 'filename="=:?utf-8?Q?x=2Ehtml?="', 'octet-stream'],
    ['a word around a quote', 'filename="=\\"?utf-8?Q?x=2Ehtml?="', 'octet-stream'],
    ['a page as a sheet', 'filename=x.xls', 'vnd.ms-excel'],
    ['a page as a table', 'filename=x.csv', 'octet-stream'],
  ])('%s', async (_title, name, subtype) => {
    const message = place(named(`application/${subtype}`, name));
    const result = await harmless(message);
    for (const each of await namesIn(result)) expect(each).not.toMatch(/\.(html?|xls|csv)$/i);
  });

  it('a message is called nothing else, and HTML neither', async () => {
    const inner = 'Subject: <script>alert(1)</script>\r\n\r\n<script>alert(1)</script>';
    const names = [
      named('message/rfc822', 'filename=invoice.hta', inner),
      named('text/html', 'filename=invoice.bat'),
    ];
    const result = await harmless(place(mixed(...names)));
    expect(result).not.toMatch(/filename="?[^"]*\.(hta|bat)"?\s*$/im);
    expect(result).toContain('filename="invoice.hta.eml"');
    expect(result).toContain('filename="invoice.bat.html"');
  });
});

it('a name with percents is read as it stands, also where somebody decodes them', async () => {
  const result = await harmless(named('application/octet-stream', 'filename="x%2Ehtml"'));
  expect(result).toContain("filename*=utf-8''x%252Ehtml");
});

it('fields of a part that mean nothing by MIME, and something to a mail program, go', async () => {
  const field = 'X-Mozilla-External-Attachment-URL: https://evil.example/\r\n';
  const pdf = `${field}X-Other: 1\r\nContent-Id: <1@b>\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n`;
  for (const place of [(part: string) => part, (part: string) => mixed(part)]) {
    const result = await harmless(place(pdf));
    expect(result).not.toContain('evil.example');
    expect(result).toContain('Content-Id: <1@b>');
  }
  expect(await harmless(mixed(pdf))).not.toContain('X-Other');
});

it.each(HOSTILE.filter(([title]) => !/boundar|part be/.test(title)))(
  '%s is found beforehand',
  async (_, part) => {
    expect(await activeParts(Readable.from([Buffer.from(part, 'latin1')]))).not.toBe('none');
  },
);

it('whatever is put together out of such parts, nothing in it acts', async () => {
  const type = fc.constantFrom(
    'text/html',
    'TEXT/HTML;',
    'text/html, x',
    'text/plain',
    'text/plain; name=a.html',
    'image/svg+xml',
    'image/png',
    'message/rfc822',
    'message/global',
    'multipart/mixed; boundary=b',
    'multipart/digest; boundary=b',
    'multipart/alternative; boundary="b"; boundary=c',
    'multipart/related; boundary=c',
    'multipart/x; boundary=b',
    'application/octet-stream; name=a.html',
    'text/plain; boundary=b',
    '',
    'html',
    'text/',
    '=?utf-8?q?text/html?=',
  );
  const field = fc.oneof(
    type.map((value) => `Content-Type: ${value}`),
    type.map((value) => `content-type :\r\n\t${value}`),
    fc.constantFrom(
      'Content-Transfer-Encoding: base64',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Transfer-Encoding: 8bit',
      'Content-Transfer-Encoding: x',
      'Content-Disposition: attachment',
      'Content-Disposition: inline; filename="a.eml"',
      'Subject: x',
      'X: a\rContent-Type: text/html',
      'Content-Type text/html',
      'From me',
      ' folded',
    ),
  );
  const line = fc.oneof(
    field,
    fc.constantFrom(
      '--b',
      '--c',
      '--b--',
      '--c--',
      '--bc',
      '--b ',
      '',
      '',
      EVIL,
      inBase64(EVIL),
      inBase64(MESSAGE),
      quoted(EVIL),
      'text',
    ),
  );
  const part = fc
    .tuple(fc.array(field, { maxLength: 3 }), fc.array(line, { maxLength: 8 }))
    .map(([fields, lines]) => [...fields, '', ...lines].join('\r\n'));
  let acted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\r\n--b\r\n', '\r\n--c\r\n', '\r\n\r\n'),
      async (parts, between) => {
        const message = `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${parts.join(between)}\r\n--b--\r\n`;
        if (mayAct(message).some((each) => ACTING.test(each))) acted += 1;
        expect(await actingIn(await harmless(message))).not.toMatch(ACTING);
      },
    ),
    { numRuns: 1_500 },
  );
  expect(acted).toBeGreaterThan(50);
}, 120_000);
