// SPDX-License-Identifier: Apache-2.0
import { softwareUnwrapper, UnreadableCertificateError, type Legacy, type Unwrapper } from '../index.ts';
import { openBytes, signaturesIn } from '../testing/opening.ts';
import { publishedCertificate, publishedKey, testdata } from '../testing/published.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';
import { base64In, withHeader } from '../testing/wrapped-oddly.ts';

/** The examples of RFC 4134, of 2005: DSA, RSA of 1024 bits, SHA-1, 3DES and RC2. */
const FOLDER = 'rfc4134';
const CONTENT = 'This is some sample content.';
const EVERYTHING: readonly Legacy[] = ['md5', 'sha1', 'rsa-1024', '3des'];

let unwrappers: Unwrapper[];
beforeAll(async () => {
  const [certificate, key] = await Promise.all([
    publishedCertificate(FOLDER, 'BobRSASignByCarl.cer'),
    publishedKey(FOLDER, 'BobPrivRSAEncrypt.pri'),
  ]);
  unwrappers = [softwareUnwrapper({ certificate, key })];
});

const message = async (name: string) => {
  const bytes = await testdata(FOLDER, name);
  return name.endsWith('.eml') ? bytes : cmsMessage(bytes);
};
const opened = async (name: string, legacy = EVERYTHING) =>
  openBytes(await message(name), { unwrappers, legacy }, 100);

describe('encrypted with 3DES, opened where that is asked for', () => {
  it.each(['5.1.bin', '5.3.eml'])('%s', async (name) => {
    const { kept, layers } = await opened(name, ['3des']);
    expect(kept.toString()).toBe(CONTENT);
    expect(layers).toMatchObject([
      {
        kind: 'encrypted',
        contentEncryption: 'des-ede3-cbc',
        keyEncryption: 'rsaes-pkcs1-v1_5',
        recipients: 1,
      },
    ]);
    await expect(opened(name, [])).rejects.toMatchObject({ code: 'weak-algorithm' });
  });
});

it('4.11: certificates only, Alice and Carl, are told', async () => {
  const { layers } = await opened('4.11.bin');
  const found = layers.flatMap((layer) => (layer.kind === 'certificates' ? layer.certificates : []));
  const files = ['AliceDSSSignByCarlNoInherit.cer', 'CarlDSSSelf.cer'];
  const expected = await Promise.all(files.map((file) => publishedCertificate(FOLDER, file)));
  expect(found.map(({ sha256 }) => sha256)).toEqual(
    expect.arrayContaining(expected.map(({ sha256 }) => sha256)),
  );
  expect(found).toHaveLength(2);
});

describe('signed, and read, but verified by nobody here, as', () => {
  const DSA = '1.2.840.10040.4.3';
  const RSA = 'rsassa-pkcs1-v1_5';
  const NO_ATTRIBUTES = 'signed-attributes-missing';
  it.each<[string, string, string[][]]>([
    ['4.1.bin', DSA, [['algorithm-unknown', NO_ATTRIBUTES]]],
    ['4.2.bin', RSA, [['weak-digest', NO_ATTRIBUTES, 'weak-key']]],
    ['4.4.bin', DSA, [['algorithm-unknown']]],
    ['4.5.bin', RSA, [['weak-digest', NO_ATTRIBUTES, 'weak-key']]],
    // Diane's certificate takes its DSA parameters from her authority's, which OpenSSL cannot read.
    [
      '4.6.bin',
      DSA,
      [
        ['algorithm-unknown', NO_ATTRIBUTES],
        ['algorithm-unknown', NO_ATTRIBUTES, 'certificate-missing'],
      ],
    ],
    ['4.7.bin', DSA, [['algorithm-unknown', NO_ATTRIBUTES]]],
    ['4.8.eml', DSA, [['algorithm-unknown', NO_ATTRIBUTES]]],
    ['4.9.eml', DSA, [['algorithm-unknown', NO_ATTRIBUTES]]],
    ['4.10.bin', DSA, [['algorithm-unknown']]],
  ])('%s by %s', async (name, algorithm, problems) => {
    const { kept, layers } = await opened(name);
    expect(kept.toString().trim()).toBe(CONTENT);
    const signatures = signaturesIn(layers);
    expect(signatures.map((each) => each.problems)).toEqual(problems);
    for (const signature of signatures) expect(signature).toMatchObject({ verified: false, algorithm });
  });

  it("Diane's certificate with inherited DSA parameters", async () => {
    await expect(publishedCertificate(FOLDER, 'DianeDSSSignByCarlInherit.cer')).rejects.toThrow(
      UnreadableCertificateError,
    );
  });
});

describe('refused', () => {
  it.each([
    ['3.1.bin', 'data and nothing around it', 'unsupported'],
    ['4.3.bin', 'a signature without what it signs', 'no-content'],
    ['5.2.bin', 'RC2', 'unsupported'],
    ['7.2.bin', 'EncryptedData, for whoever has agreed on a key', 'unsupported'],
  ])('%s: %s', async (name, _what, code) => {
    await expect(opened(name)).rejects.toMatchObject({ code });
  });

  it.each([
    ['3.2.bin', 'data and nothing around it, in DER'],
    ['6.0.bin', 'DigestedData'],
    ['7.1.bin', 'EncryptedData without attributes'],
  ])('%s: %s, too short to be told from text', async (name) => {
    const body = base64In(await testdata(FOLDER, name));
    await expect(openBytes(withHeader('Content-Type: application/pkcs7-mime', body))).rejects.toMatchObject({
      code: 'malformed-cms',
    });
  });
});
