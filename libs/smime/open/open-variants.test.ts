// SPDX-License-Identifier: Apache-2.0
import {
  encryptEntity,
  entityOf,
  openMessage,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  type Unwrapper,
} from '../index.ts';
import { cmsOf } from '../testing/cms-of.ts';
import { inChunks } from '../testing/in-chunks.ts';
import { asMessage, bytesOf, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { base64In, withHeader } from '../testing/wrapped-oddly.ts';

const CONTENT = Buffer.from(`Content-Type: text/plain\r\n\r\n${'Some text to read. '.repeat(200)}\r\n`);
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let aske: Identity;
let unwrappers: Unwrapper[];
let cms: Buffer;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  aske = await workshop.issue(await workshop.authority('Root'));
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
  cms = await cmsOf(
    await encryptEntity(entityOf(CONTENT), [aske.certificate], { contentEncryption: 'aes-256-gcm' }),
  );
});
afterAll(() => workshop.close());

const lines = (width?: number, lineEnd?: string) => base64In(cms, width, lineEnd);
const opened = (message: Buffer) => openBytes(message, { unwrappers }, 100, 1, 33);

describe('an encrypted message opens', () => {
  const TYPE = 'Content-Type: application/pkcs7-mime';
  const BASE64 = 'Content-Transfer-Encoding: base64';
  it.each<[string, string, () => string | Buffer, string[]?]>([
    ['as it should be', `${TYPE}; smime-type=authEnveloped-data\r\n${BASE64}`, lines],
    [
      'with the type of old programs',
      `Content-Type: application/x-pkcs7-mime; name="smime.p7m"\r\n${BASE64}`,
      lines,
    ],
    ['without smime-type', `${TYPE}\r\n${BASE64}`, lines],
    [
      'with the wrong smime-type',
      `${TYPE}; smime-type=signed-data\r\n${BASE64}`,
      lines,
      ['other-smime-type'],
    ],
    [
      'as a file without a type',
      `Content-Type: application/octet-stream; name="smime.p7m"\r\n${BASE64}`,
      lines,
      ['other-content-type'],
    ],
    [
      'as a file named in its disposition',
      `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=SMIME.P7M\r\n${BASE64}`,
      lines,
      ['other-content-type'],
    ],
    ['in binary', `${TYPE}\r\nContent-Transfer-Encoding: binary`, () => cms],
    ['in binary, though it says base64', `${TYPE}\r\n${BASE64}`, () => cms],
    ['in base64, though it says 7bit', `${TYPE}\r\nContent-Transfer-Encoding: 7bit`, lines],
    ['in one line', `${TYPE}\r\n${BASE64}`, () => cms.toString('base64')],
    [
      'in lines of 4 columns under a wide one',
      `${TYPE}\r\n${BASE64}`,
      () => `${lines(64).slice(0, 66)}${cms.toString('base64').slice(64).replace(/.{4}/g, '$&\r\n')}`,
    ],
    ['with LF line ends', `${TYPE}\r\n${BASE64}`, () => lines(64, '\n')],
    ['with empty lines around it', `${TYPE}\r\n${BASE64}`, () => `\r\n \r\n${lines()}\r\n\r\n`],
    [
      'with text before it',
      `${TYPE}\r\n${BASE64}`,
      () => `This is secret:\r\n-----BEGIN CMS-----\r\n${lines()}`,
      ['rubbish'],
    ],
    [
      'with a footer behind it',
      `${TYPE}\r\n${BASE64}`,
      () => `${lines()}-- \r\nChecked by nobody, at all!\r\n`,
      ['rubbish'],
    ],
    [
      'with characters between that are not base64',
      `${TYPE}\r\n${BASE64}`,
      () => lines(60, '\r\n>! '),
      ['rubbish'],
    ],
    [
      'with octets behind it',
      `${TYPE}\r\n${BASE64}`,
      () => Buffer.concat([cms, Buffer.alloc(70_000)]),
      ['rubbish'],
    ],
  ])('%s', async (_name, header, body, problems = []) => {
    const { kept, layers } = await opened(withHeader(header, body()));
    expect(kept).toEqual(CONTENT);
    expect(layers).toMatchObject([{ kind: 'encrypted', problems }]);
  });

  it('with LF line ends in its header, too', async () => {
    const message = Buffer.from(
      withHeader(`${TYPE}\r\n${BASE64}`, lines()).toString('latin1').replaceAll('\r', ''),
    );
    expect((await opened(message)).kept).toEqual(CONTENT);
  });

  it('with nothing in it', async () => {
    const empty = await asMessage(await encryptEntity(entityOf(Buffer.alloc(0)), [aske.certificate]));
    expect(await opened(empty)).toMatchObject({ kept: Buffer.alloc(0), contentHeader: null });
  });
});

it('a signed entity with LF line ends is read in canonical form, as it was signed', async () => {
  const signer = softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
  const text = (await asMessage(await signEntity(entityOf(CONTENT), signer, { signingTime }))).toString(
    'latin1',
  );
  const { kept, layers } = await openBytes(Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1'), {}, 1, 50);
  expect(kept).toEqual(CONTENT);
  expect(signaturesIn(layers)).toMatchObject([{ verified: true }]);
});

it('the source is closed, however it ends', async () => {
  const message = await asMessage(await encryptEntity(entityOf(CONTENT), [aske.certificate]));
  for (const keep of [
    async (content: AsyncIterable<Buffer>) => (await bytesOf({ open: () => content })).length,
    () => Promise.resolve(0),
    () => Promise.reject(new Error('disk full')),
  ]) {
    let closed = false;
    const source = (async function* () {
      try {
        yield* inChunks(message, 300);
      } finally {
        closed = true;
      }
    })();
    await openMessage(source, { unwrappers, keep }).catch(() => undefined);
    expect(closed).toBe(true);
  }
});
