// SPDX-License-Identifier: Apache-2.0

const PAYLOAD = '<p>words</p><img src=OUT><img src=x onerror=RUN><script>RUN</script>';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A mail of its own making: what of it programs take for the page, and who may have a say in that. */
export const HOSTILE_MAILS: readonly ((payload: string) => string[])[] = mails([
  // HTML where text is said to be.
  (html) => ['Content-Type: text/plain; charset=utf-8', '', html],
  (html) => [
    'Content-Type: text/plain; name=x.html',
    'Content-Disposition: inline; filename=x.html',
    '',
    html,
  ],
  (html) => ['Content-Type: text/enriched', '', html],
  (html) => ['Content-Type: text/x-amp-html', '', html],
  (html) => ['Content-Type: application/xhtml+xml', '', html],
  (html) => ['Content-Type: TEXT/HTML; charset="utf-8"; charset=utf-7', '', html],
  (html) => [
    'Content-Type: text/html; charset=utf-7',
    '',
    html.replaceAll('<', '+ADw-').replaceAll('>', '+AD4-'),
  ],
  (html) => ['Content-Type: text/html; charset=iso-2022-jp', '', `\u001b$B${html}\u001b(B${html}`],
  (html) => ['Content-Type: text/html; charset=x-user-defined', '', html],
  (html) => [
    'Content-Type: text/html; charset=utf-16',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(`\ufeff${html}`, 'utf16le').toString('base64'),
  ],
  (html) => ['Content-Type: text/html', 'Content-Transfer-Encoding: base64', '', base64(html)],
  (html) => [
    'Content-Type: text/html',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    html.replaceAll('=', '=3D'),
  ],
  // Several of which one is shown.
  (html) => [
    'Content-Type: multipart/alternative; boundary=a',
    '',
    ...['--a', 'Content-Type: text/html', '', '<p>first</p>'],
    ...['--a', 'Content-Type: text/html', '', html, '--a--'],
  ],
  (html) => [
    'Content-Type: multipart/mixed; boundary=a',
    '',
    ...['--a', 'Content-Type: text/html', '', '<p>first <b title="'],
    ...['--a', 'Content-Type: text/html', '', `">${html}`, '--a--'],
  ],
  (html) => [
    'Content-Type: multipart/related; boundary=a; start="<root>"',
    '',
    ...['--a', 'Content-Type: text/html', 'Content-ID: <other>', '', '<p>first</p>'],
    ...['--a', 'Content-Type: text/html', 'Content-ID: <root>', '', html, '--a--'],
  ],
  // Pictures of the mail's own that are none.
  ...['image/svg+xml', 'text/html', 'image/png', 'image/gif', 'application/xml'].map(
    (type) => (html: string) => [
      'Content-Type: multipart/related; boundary=a',
      '',
      ...['--a', 'Content-Type: text/html', '', '<p>words</p><img src="cid:x"><iframe src="cid:x"></iframe>'],
      ...[
        '--a',
        `Content-Type: ${type}`,
        'Content-ID: <x>',
        '',
        `<svg xmlns="http://www.w3.org/2000/svg" onload="RUN">${html}</svg>`,
        '--a--',
      ],
    ],
  ),
  (html) => [
    'Content-Type: multipart/related; boundary=a',
    '',
    ...['--a', 'Content-Type: text/html', '', '<p>words</p><img src="cid:x&quot; onerror=&quot;RUN">'],
    ...['--a', 'Content-Type: image/png', 'Content-ID: <x" onerror="RUN>', '', html, '--a--'],
  ],
  (html) => [
    'Content-Type: text/html',
    'Content-Location: OUT',
    'Content-Base: OUT',
    '',
    `<img src=x>${html}`,
  ],
  // A mail within the mail.
  (html) => [
    'Content-Type: multipart/mixed; boundary=a',
    '',
    ...['--a', 'Content-Type: text/html', '', '<p>words</p>'],
    ...[
      '--a',
      'Content-Type: message/rfc822',
      '',
      'Subject: <script>RUN</script>',
      'Content-Type: text/html',
      '',
      html,
    ],
    '--a--',
  ],
  (html) => ['Content-Type: message/rfc822', '', 'Content-Type: text/html', '', html],
  (html) => [
    'Content-Type: message/external-body; access-type=URL; URL="OUT"',
    '',
    'Content-Type: text/html',
    '',
    html,
  ],
  // What the page shows beside the frame.
  (html) => [
    `Subject: ${PAYLOAD.replaceAll('\n', '')}`,
    `To: "${PAYLOAD.replaceAll('"', "'")}" <x@citizen.example>`,
    'Content-Type: text/html',
    '',
    html,
  ],
  (html) => [
    `Subject: =?utf-8?b?${base64(`\u202e<img src=x onerror=RUN>\u0000`)}?=`,
    'Content-Type: text/html',
    '',
    html,
  ],
  (html) => [
    'Content-Type: multipart/mixed; boundary=a',
    '',
    ...['--a', 'Content-Type: text/html', '', html],
    ...['--a', 'Content-Type: text/html; name="<img src=x onerror=RUN>.html"'],
    ...['Content-Disposition: attachment; filename="<img src=OUT onerror=RUN>.html"', '', html, '--a--'],
  ],
  (html) => [
    'Content-Type: text/html',
    'Link: <OUT>; rel=preload; as=image',
    'Refresh: 0; url=OUT',
    '',
    html,
  ],
  (html) => [
    'Content-Type: text/html',
    'Content-Security-Policy: default-src *',
    'Set-Cookie: x=y',
    '',
    html,
  ],
]);

function mails(all: ((html: string) => string[])[]): typeof all {
  return all;
}

export const MAIL_PAYLOAD = PAYLOAD;
