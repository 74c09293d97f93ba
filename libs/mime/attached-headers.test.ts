// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { attachedHeaders, UnneutralisableError } from './index.ts';

async function idsIn(mail: string, size = 1_000): Promise<(string | undefined)[]> {
  const bytes = Buffer.from(mail);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const ids = [];
  for await (const header of attachedHeaders(Readable.from(chunks))) ids.push(header.get('Message-ID'));
  return ids;
}

const lines = (...each: string[]) => each.join('\r\n');
const mail = (id: string, body = lines('', 'Hello')) => lines(`Message-ID: <${id}>`, body);
/** The end of a header, and a body with these parts. */
const parts = (boundary: string, ...each: string[]) =>
  lines(
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    ...each.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
    '',
  );
const text = lines('Content-Type: text/plain', '', 'Message-ID: <in-a-text>');
const attached = (inner: string, ...fields: string[]) => lines(...fields, '', inner);
const base64 = (inner: string) =>
  Buffer.from(inner)
    .toString('base64')
    .replaceAll(/.{76}(?=.)/g, '$&\r\n');
const AS_MESSAGE = 'Content-Type: message/rfc822';

describe('the headers of attached messages', () => {
  it.each<[string, string, string[]]>([
    ['none', parts('b', text), []],
    ['of one', parts('b', text, attached(mail('1'), AS_MESSAGE)), ['1']],
    [
      'of one that says to be an attachment',
      parts('b', attached(mail('1'), AS_MESSAGE, 'Content-Disposition: attachment; filename="Sag.eml"')),
      ['1'],
    ],
    [
      'of several',
      parts('b', attached(mail('1'), AS_MESSAGE), text, attached(mail('2'), AS_MESSAGE)),
      ['1', '2'],
    ],
    [
      'of one in another, which is one of two',
      parts(
        'b',
        attached(mail('1', parts('c', text, attached(mail('2'), AS_MESSAGE))), AS_MESSAGE),
        attached(mail('3'), AS_MESSAGE),
      ),
      ['1', '2', '3'],
    ],
    [
      'of one in base64',
      parts('b', attached(base64(mail('1')), AS_MESSAGE, 'Content-Transfer-Encoding: base64')),
      ['1'],
    ],
    [
      'of one in base64 in another in base64',
      parts(
        'b',
        attached(
          base64(
            mail(
              '1',
              parts('b', attached(base64(mail('2')), AS_MESSAGE, 'Content-Transfer-Encoding: base64')),
            ),
          ),
          AS_MESSAGE,
          'Content-Transfer-Encoding: base64',
        ),
        attached(mail('3'), AS_MESSAGE),
      ),
      ['1', '2', '3'],
    ],
    [
      'of one in quoted-printable',
      parts('b', attached(mail('=31'), AS_MESSAGE, 'Content-Transfer-Encoding: quoted-printable')),
      ['1'],
    ],
    [
      'of a file that was saved from a mail program, in its line ends',
      parts(
        'b',
        attached(
          base64(mail('1').replaceAll('\r\n', '\n')),
          'Content-Type: application/octet-stream; name="Sag 4711.EML"',
          'Content-Transfer-Encoding: base64',
        ),
      ),
      ['1'],
    ],
    ...[
      'name="=?utf-8?B?U2FnIMOGcsO4LmVtbA==?="',
      'name="=?iso-8859-1?Q?Sag_=C6r=F8=2Eeml?="',
      'name="Sag =?utf-8?Q?=C3=86r=C3=B8?=\r\n =?utf-8?Q?=2Ee?= =?utf-8?Q?ml?="',
      "name*=utf-8''Sag%20%C3%86r%C3%B8%2Eeml",
      'name*0="Sag Ar.e"; name*1="ml"',
      "name*0*=utf-8''Sag%20%C3%86r; name*1*=%C3%B8.e; name*2=ml",
      'name="Sag%20%C3%86r%C3%B8%2Eeml"',
    ].map((name): [string, string, string[]] => [
      `of a file whose name is encoded: ${name}`,
      parts(
        'b',
        attached(
          base64(mail('1')),
          `Content-Type: application/octet-stream; ${name}`,
          'Content-Transfer-Encoding: base64',
        ),
        attached(
          base64(mail('2')),
          'Content-Type: application/octet-stream',
          `Content-Disposition: attachment; ${name.replaceAll(/name(?=[*=])/g, 'filename')}`,
          'Content-Transfer-Encoding: base64',
        ),
      ),
      ['1', '2'],
    ]),
    [
      'of one with international addresses',
      parts('b', attached(mail('1'), 'Content-Type: message/global')),
      ['1'],
    ],
    ['of the whole of a mail', attached(mail('1'), AS_MESSAGE), ['1']],
    [
      'in a digest',
      lines('Content-Type: multipart/digest; boundary=b', '', '--b', '', mail('1'), '--b--', ''),
      ['1'],
    ],
    [
      'of one that is cut off',
      lines('Content-Type: multipart/mixed; boundary=b', '', '--b', AS_MESSAGE, '', 'Message-ID: <1>'),
      ['1'],
    ],
    [
      'not of a report about delivery, nor of a picture',
      parts(
        'b',
        attached('Reporting-MTA: dns; x', 'Content-Type: message/delivery-status'),
        attached('x', 'Content-Type: image/png'),
      ),
      [],
    ],
  ])('%s', async (_, body, expected) => {
    const whole = lines('Message-ID: <outer>', body);
    for (const size of [1_000, 7]) expect(await idsIn(whole, size)).toEqual(expected.map((id) => `<${id}>`));
  });

  it('keep fields in several lines, and 8-bit ones', async () => {
    const inner = lines('References: <1@x>', ' <2@x>', 'Subject: Blåbær', 'a line that is no field', '', 'x');
    for await (const header of attachedHeaders(Readable.from([Buffer.from(attached(inner, AS_MESSAGE))]))) {
      expect(header.get('References')).toBe('<1@x> <2@x>');
      expect(header.get('Subject')).toBe('Blåbær');
    }
    expect.assertions(2);
  });

  it.each([
    ['deeper', Array.from({ length: 12 }).reduce<string>((inner) => attached(inner, AS_MESSAGE), mail('1'))],
    ['more', parts('b', ...Array.from({ length: 201 }, () => attached(mail('1'), AS_MESSAGE)))],
  ])('are refused where there are %s than people attach', async (_, body) => {
    await expect(idsIn(body)).rejects.toThrow(UnneutralisableError);
  });

  it('throw what the source throws, also in the middle of an encoded one', async () => {
    const whole = parts(
      'b',
      attached(
        base64(mail('1', lines('', 'x'.repeat(10_000)))),
        AS_MESSAGE,
        'Content-Transfer-Encoding: base64',
      ),
    );
    async function* broken() {
      yield Buffer.from(whole.slice(0, 5_000));
      throw await Promise.resolve(new Error('gone'));
    }
    await expect(
      (async () => {
        for await (const _ of attachedHeaders(broken()));
      })(),
    ).rejects.toThrow('gone');
  });
});
