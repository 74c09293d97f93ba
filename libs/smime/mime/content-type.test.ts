// SPDX-License-Identifier: Apache-2.0
import { headerOf } from '@securemail/mime';
import { contentTypeOf, readContentType } from './content-type.ts';

describe('a Content-Type', () => {
  it.each([
    ['multipart/signed; boundary="a;b"', 'multipart/signed', { boundary: 'a;b' }],
    [
      'Application/PKCS7-MIME (S/MIME (of old)); Name="x(1).p7m"',
      'application/pkcs7-mime',
      { name: 'x(1).p7m' },
    ],
    ['text/plain (a \\) b); charset=x', 'text/plain', { charset: 'x' }],
    ['text/plain; (unclosed; charset=x', 'text/plain', {}],
    ["a/b; name*=utf-8''smime%2Ep7m", 'a/b', { name: 'smime.p7m' }],
    ['multipart/signed; boundary*0="abc"; boundary*1=def', 'multipart/signed', { boundary: 'abcdef' }],
    ["a/b; name*1*=%2Ep7m; name*0*=us-ascii'en'smime", 'a/b', { name: 'smime.p7m' }],
    ['a/b; name*1=lost; name*0=kept; name*3=lost', 'a/b', { name: 'keptlost' }],
    ['a/b; name=plain; name*0=other', 'a/b', { name: 'plain' }],
  ])('of %j is read', (value, type, parameters) => {
    const read = readContentType(value);
    expect(read.type).toBe(type);
    expect(Object.fromEntries(read.parameters)).toMatchObject(parameters);
    if (Object.keys(parameters).length === 0) expect(read.parameters.size).toBe(0);
  });

  it('that has encoded words is none of S/MIME: no other program decodes them there', () => {
    const raw = Buffer.from(
      'Content-Type: =?us-ascii?Q?application/pkcs7-mime?=; smime-type=signed-data\r\n',
    );
    expect(contentTypeOf(headerOf([{ name: 'Content-Type', raw }])).type).not.toBe('application/pkcs7-mime');
  });

  it('is read of any text in time that grows with it', () => {
    for (const hostile of ['(', '\\', '"', ';', 'a*0=b;', '()'])
      expect(readContentType(hostile.repeat(100_000)).type).not.toBe('multipart/signed');
  });
});
