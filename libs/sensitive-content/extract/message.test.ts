// SPDX-License-Identifier: Apache-2.0
import { attached, html, mailOf, multipart, plain, type TestPart } from '../testing/mail.ts';
import { extract } from '../testing/pieces.ts';

const encoded = (body: string | Uint8Array, type: string, encoding: string): TestPart => ({
  type,
  body,
  fields: [`Content-Transfer-Encoding: ${encoding}`],
});

const inUtf32 = (text: string, order: 'be' | 'le'): Buffer => {
  const bytes = Buffer.alloc(text.length * 4);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (order === 'le') bytes.writeUInt32LE(code, i * 4);
    else bytes.writeUInt32BE(code, i * 4);
  }
  return bytes;
};

describe('the subject', () => {
  it.each([
    ['=?utf-8?q?Bl=C3=A5b=C3=A6r_070761-4285?=', 'Blåbær 070761-4285'],
    ['=?iso-8859-1?Q?=E6_070761?=\r\n =?iso-8859-1?Q?-4285?=', 'æ 070761-4285'],
    ['=?utf-8?B?MDcwNzYxLTQyODU=?=', '070761-4285'],
    ['070761-4285\r\n og mere', '070761-4285 og mere'],
  ])('%j is decoded', async (subject, text) => {
    expect((await extract(mailOf({ subject, parts: [plain('Hej')] }))).subject).toBe(`${text}\n`);
  });

  it('counts each time, where there are several', async () => {
    const mail = Buffer.from('Subject: en\r\nSubject: to\r\n\r\nHej');
    expect((await extract(mail)).subject).toBe('en\nto\n');
  });
});

it.each([
  'Thread-Topic',
  'Comments',
  'Keywords',
  'Resent-Subject',
  'X-Subject',
  'X-Original-Subject',
  'X-Topic',
  'Summary',
])('what %s says is looked into as the subject', async (name) => {
  const mail = Buffer.from(`Subject: en\r\n${name}: =?utf-8?q?Bl=C3=A5b=C3=A6r?=\r\n 070761-4285\r\n\r\nHej`);
  expect((await extract(mail)).subject).toBe('en\nBl\u00e5b\u00e6r 070761-4285\n');
});

it.each(['X-Mailer', 'Thread-Index', 'Message-ID', 'Organization'])('what %s says is not', async (name) => {
  expect((await extract(Buffer.from(`Subject: en\r\n${name}: 070761-4285\r\n\r\nHej`))).subject).toBe('en\n');
});

describe('text', () => {
  const BLOMST = 'Blåbær';
  it.each([
    ['utf-8', Buffer.from(BLOMST)],
    ['iso-8859-1', Buffer.from(BLOMST, 'latin1')],
    ['windows-1252', Buffer.from(BLOMST, 'latin1')],
    ['ISO-8859-15', Buffer.from(BLOMST, 'latin1')],
    ['utf-16le', Buffer.from(BLOMST, 'utf16le')],
    ['utf-16', Buffer.from(`\ufeff${BLOMST}`, 'utf16le')],
    ['macintosh', Buffer.from('Bl\x8cb\xber', 'latin1')],
    ['utf-32', inUtf32(`\ufeff${BLOMST}`, 'le')],
    ['UTF-32', inUtf32(`\ufeff${BLOMST}`, 'be')],
    ['us-ascii', Buffer.from(BLOMST)],
    ['cp1252', Buffer.from(BLOMST, 'latin1')],
  ])('in %s is decoded', async (charset, body) => {
    const { text, unread } = await extract(
      mailOf({ parts: [{ type: `text/plain; charset=${charset}`, body }] }),
    );
    expect(text).toBe(`${BLOMST}\n`);
    expect(unread).toEqual([]);
  });

  it('in a charset that is not known is read as far as it goes, and told', async () => {
    const part = { type: 'text/plain; charset=utf-7', body: '070761-4285 Bl+AOU-b+AOY-r' };
    const { text, unread } = await extract(mailOf({ parts: [part] }));
    expect(text).toContain('070761-4285');
    expect(unread).toEqual(['text: unknown-charset']);
  });

  it.each([
    ['quoted-printable', '0707=\r\n61=2D4285'],
    ['base64', 'MDcwNzYx\r\nLTQyODU='],
    ['7bit', '070761-4285'],
    ['8bit', '070761-4285'],
    ['BASE64', 'MDcwNzYxLTQyODU='],
  ])('in %s is decoded', async (encoding, body) => {
    const { text, unread } = await extract(mailOf({ parts: [encoded(body, 'text/plain', encoding)] }));
    expect(text.trim()).toBe('070761-4285');
    expect(unread).toEqual([]);
  });

  it('in a transfer encoding that is not known is told', async () => {
    const { unread } = await extract(
      mailOf({ parts: [encoded('begin 644 x\r\n', 'text/plain', 'x-uuencode')] }),
    );
    expect(unread).toEqual(['text: unknown-charset', 'text: unknown-archive']);
  });

  it('that is flowed and may be joined is joined', async () => {
    const part = encoded('0707 \r\n61-4285', 'text/plain; format=flowed; delsp=yes', '7bit');
    expect((await extract(mailOf({ parts: [part] }))).text.trim()).toBe('070761-4285');
  });

  it('that is flowed is read as it is shown: lines that go on joined, those of a quote with their own', async () => {
    const body = [
      'Mit CPR-nr. er 070761 ',
      '4285 den dag.',
      '> Hans er 150365 ',
      '> 9006 ',
      'ja',
      '-- ',
      ' > Bo ',
      'Berg',
    ].join('\r\n');
    const part = encoded(body, 'text/plain; format=flowed', '7bit');
    expect((await extract(mailOf({ parts: [part] }))).text).toBe(
      'Mit CPR-nr. er 070761 4285 den dag.\n> Hans er 150365 9006 \nja\n-- \n> Bo Berg\n\n',
    );
  });

  it.each(['utf-32le', 'utf-32be', 'utf-32'])('in %s without a mark is found, or told', async (charset) => {
    const body = inUtf32('CPR 070761-4285', charset === 'utf-32le' ? 'le' : 'be');
    expect(
      (await extract(mailOf({ parts: [{ type: `text/plain; charset=${charset}`, body }] }))).text,
    ).toContain('CPR 070761-4285');
    expect((await extract(mailOf({ parts: [{ type: 'text/plain', body }] }))).unread).toContain(
      'attachment: unknown-format',
    );
  });

  it('has no zeros in it, which nobody sees', async () => {
    const { text } = await extract(mailOf({ parts: [plain('0707\u000061-4285, Bo Berg og Anna Berg')] }));
    expect(text).toContain('070761-4285');
  });

  it('of all alternatives, however deep, is read', async () => {
    const inner = multipart('alternative', [plain('i klartekst'), html('<p>i HTML</p>')]);
    const { text } = await extract(
      Buffer.concat([Buffer.from('Subject: x\r\nMIME-Version: 1.0\r\n'), inner]),
    );
    expect(text).toMatch(/i klartekst[^]*i HTML/u);
  });

  it('before, behind and in place of the parts of a multipart is read', async () => {
    const around =
      'Content-Type: multipart/mixed; boundary=a\r\n\r\nfoer\r\n--a\r\n\r\ni\r\n--a--\r\nefter\r\n';
    expect((await extract(Buffer.from(around))).text).toMatch(/foer[^]*efter[^]*i/u);
    const again = await extract(
      Buffer.from(`${around}--a\r\nContent-Type: text/plain\r\n\r\nigen\r\n--a--\r\n`),
    );
    expect(again).toMatchObject({ text: expect.stringContaining('igen'), unread: ['text: broken'] });
    const never = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--a\r\n\r\n070761-4285\r\n--a--\r\n';
    expect(await extract(Buffer.from(never))).toMatchObject({
      text: expect.stringContaining('070761-4285'),
      unread: ['text: broken'],
    });
  });

  it('beyond the limit is read that far, and told', async () => {
    const { text, unread } = await extract(mailOf({ subject: 'abc', parts: [plain('defghi')] }), {
      textLength: 6,
    });
    expect([text, unread]).toEqual(['def\n', ['text: too-large']]);
  });

  it('that is encrypted with PGP is told', async () => {
    const armored = '-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n';
    expect((await extract(mailOf({ parts: [plain(armored)] }))).unread).toEqual(['text: encrypted']);
  });
});

describe('HTML', () => {
  const textOf = async (body: string) => (await extract(mailOf({ parts: [html(body)] }))).text.trim();

  it('keeps what is in one line together and cells and blocks apart', async () => {
    expect(await textOf('<p>0707<b>61</b>-<span style="x">4285</span></p>')).toBe('070761-4285');
    expect(await textOf('<p>070761</p><p>4285</p>')).toBe('070761\n\n4285');
    expect(await textOf('070761<br>4285')).toMatch(/070761\n+4285/u);
    expect(await textOf('070761-<br>4285')).toBe('070761-\n4285');
    expect(await textOf('<table><tr><td>070761</td><td>4285</td></tr></table>')).toBe('070761\t\t4285');
    expect(await textOf('<div>0707\r\n  61</div>')).toBe('0707 61');
  });

  it.each([
    '0707<x-hl>61</x-hl>-4285',
    '<st1:date w:st="on" Year="1961">070761</st1:date>-4285',
    '<CUSTOM>0707</CUSTOM>61-42<ruby>85</ruby>',
    '<output>070761</output><picture>-</picture><blink>4285</blink>',
  ])('keeps what nobody knows within the line, as browsers do: %s', async (body) => {
    expect(await textOf(body)).toBe('070761-4285');
  });

  it.each('p div li td h1 dt figcaption option legend body iframe button'.split(' '))(
    'is parted by <%s>',
    async (name) => {
      expect(await textOf(`<table><tr><${name}>070761</${name}>4285`)).not.toMatch(/070761-?4285/u);
    },
  );

  it('has its entities decoded', async () => {
    expect(await textOf('&#48;70761&#x2011;4285 &AElig;r&oslash;&nbsp;&amp; mere')).toBe(
      '070761\u20114285 Ærø\u00a0& mere',
    );
  });

  it('is read where it is hidden, too', async () => {
    const hidden =
      '<div style="display:none">skjult</div><!-- udeladt --><img alt="billede"><input value="felt"><a href="https://x.example/?cpr=070761%2D4285">link</a><script>var kode</script><style>.stil{}</style>';
    const text = await textOf(hidden);
    for (const word of ['skjult', 'udeladt', 'billede', 'felt', '070761-4285', 'kode'])
      expect(text).toContain(word);
    expect(text).not.toContain('stil');
  });
});

describe('messages in each other', () => {
  it('are read as attachments, whether they say what they are or not', async () => {
    const inner = mailOf({ subject: 'indre 070761-4285', parts: [plain('tekst'), attached('bilag')] });
    for (const type of ['message/rfc822', 'application/octet-stream', 'text/plain; name=x.eml']) {
      const part = { type, body: inner, fields: ['Content-Disposition: attachment'] };
      const { subject, text, attachment } = await extract(mailOf({ parts: [plain('ydre'), part] }));
      expect([subject, text]).toEqual(['Hej\n', 'ydre\n']);
      expect(attachment).toMatch(/indre 070761-4285\n[^]*tekst\n[^]*bilag/u);
    }
  });

  it.each(['xxxxftyp', 'ID3\x03', 'II*\0', 'MM\0*', 'GIF89a', '\xff\xd8\xff', 'OTTO\0', 'RIFFxxxxWAVE'])(
    'that are text are read, though they begin like a picture: %j',
    async (beginning) => {
      const bytes = Buffer.from(`${beginning}\r\nBo Berg, 070761-4285\r\n`, 'latin1');
      const { attachment, unread } = await extract(mailOf({ parts: [plain('Hej'), attached(bytes)] }));
      expect(attachment).toContain('070761-4285');
      expect(unread).toEqual([]);
    },
  );

  it('beyond the limit are told', async () => {
    let mail = mailOf({ parts: [plain('inderst')] });
    for (let i = 0; i < 12; i += 1) {
      mail = mailOf({
        parts: [{ type: 'message/rfc822', body: mail, fields: ['Content-Transfer-Encoding: 8bit'] }],
      });
    }
    expect((await extract(mail)).unread).toEqual(['attachment: too-deep']);
  });
});

describe('attachments', () => {
  it('that are folders of mails are read mail by mail', async () => {
    const mails = [
      mailOf({ subject: 'den ene', parts: [plain('i base64: 070761-4285')] }),
      mailOf({ subject: 'den anden', parts: [plain('From here'), attached('bilag')] }),
    ];
    const mbox = mails.map(
      (mail) => `From bo@post.example Sat Nov 28 12:00:00 2026\n${mail.toString('latin1')}\n\n`,
    );
    const { attachment } = await extract(
      mailOf({ parts: [plain('Hej'), attached(Buffer.from(mbox.join(''), 'latin1'))] }),
    );
    for (const each of ['den ene', 'i base64: 070761-4285', 'den anden', 'From here', 'bilag'])
      expect(attachment).toContain(each);
  });

  it('have names, which are read', async () => {
    expect(
      (await extract(mailOf({ parts: [plain(''), attached('x', '070761-4285.txt')] }))).attachment,
    ).toContain('070761-4285.txt');
  });

  it('are known by their octets, not by what they say', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    const { unread } = await extract(mailOf({ parts: [plain('Hej'), { type: 'text/plain', body: png }] }));
    expect(unread).toEqual(['attachment: no-text']);
  });

  it('of text are read: HTML, XML, calendars', async () => {
    const { attachment } = await extract(
      mailOf({
        parts: [
          plain(''),
          attached('<html><body><p>0707<i>61-4285</i></p></body></html>'),
          attached('<?xml version="1.0"?><a><b>Æble</b><c>Pære</c></a>'),
          attached('BEGIN:VCALENDAR\r\nSUMMARY:0707\r\n 61-9999\r\nEND:VCALENDAR'),
        ],
      }),
    );
    expect(attachment).toContain('070761-4285');
    expect(attachment).toMatch(/Æble\n+Pære/u);
    expect(attachment).toContain('070761-9999');
  });

  it.each([
    ['an S/MIME message', Buffer.from('3082010006092a864886f70d010703a0820100', 'hex'), 'encrypted'],
    [
      'an S/MIME message in GCM',
      Buffer.from('3082010006 0b 2a864886f70d0109100117a0'.replaceAll(' ', ''), 'hex'),
      'encrypted',
    ],
    ['an opaque signature', Buffer.from('3082010006092a864886f70d010702a0820100', 'hex'), 'unknown-format'],
    ['a 7z archive', Buffer.from("7z\xbc\xaf'\x1c\0\x04", 'latin1'), 'unknown-archive'],
    ['a RAR archive', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), 'unknown-archive'],
    ['a picture', Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF', 'latin1'), 'no-text'],
    ['a picture of Word', Buffer.from('II\xbc\x01\x20\0\0\0', 'latin1'), 'no-text'],
    ['a picture in JPEG XL', Buffer.from('\0\0\0\x0cJXL \r\n\x87\n\0\0', 'latin1'), 'no-text'],
    ['a voice', Buffer.from('#!AMR\n\x3c\0\0\x01\x02\x03\x04\x05\x06', 'latin1'), 'no-text'],
    // It names whom it shows.
    [
      'an X-ray',
      Buffer.concat([Buffer.alloc(128), Buffer.from('DICM\x02\0\0\0UL', 'latin1')]),
      'unknown-format',
    ],
    ['a film', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0', 'latin1'), 'no-text'],
    [
      'Word of before 2007',
      Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0', 'latin1'),
      'unknown-format',
    ],
    [
      'winmail.dat (TNEF), whose octets may look like UTF-16',
      Buffer.concat([Buffer.from('789f3e220100', 'hex'), Buffer.from('070761-4285 '.repeat(50), 'utf16le')]),
      'unknown-format',
    ],
    ['RTF', Buffer.from('{\\rtf1\\ansi 070761-4285}'), 'unknown-format'],
    ['anything else', Buffer.from('00010203fffe00010203', 'hex'), 'unknown-format'],
    ['half a gzip', Buffer.from('1f8b0800', 'hex'), 'broken'],
    ['half a ZIP', Buffer.from('PK\x03\x04\0\0', 'latin1'), 'broken'],
    ['half a PDF', Buffer.from('%PDF-1.7\n1 0 obj'), 'broken'],
  ])('that cannot be read are told: %s', async (_, bytes, because) => {
    expect((await extract(mailOf({ parts: [plain('Hej'), attached(bytes)] }))).unread).toEqual([
      `attachment: ${because}`,
    ]);
  });

  it('beyond the limit are told', async () => {
    const parts = Array.from({ length: 40 }, () => attached('x'));
    expect((await extract(mailOf({ parts }), { parts: 20 })).unread).toEqual(['message: too-many-parts']);
  });
});

describe('a header', () => {
  it('with lines that are no fields is told, and they are read', async () => {
    const mail = Buffer.from('From: a@a.example\r\n070761-4285 uden tom linje\r\nSubject: x\r\n\r\nHej');
    expect(await extract(mail)).toMatchObject({
      text: expect.stringContaining('070761-4285'),
      unread: ['text: broken'],
    });
  });

  it('that is enormous is told', async () => {
    const mail = Buffer.from(`Subject: ${'x'.repeat(5_000_000)}\r\n\r\nHej`);
    expect((await extract(mail)).unread).toEqual(['message: too-large']);
  });
});
