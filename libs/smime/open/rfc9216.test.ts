// SPDX-License-Identifier: Apache-2.0
import {
  entityOf,
  judgeCertificate,
  loadPkcs12,
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  UnreadableKeyError,
  type EncryptionRecipient,
} from '../index.ts';
import { asMessage, openBytes, signaturesIn } from '../testing/opening.ts';
import { publishedCertificate, publishedKey, testdata } from '../testing/published.ts';

/** The people of RFC 9216: two with RSA keys, two with Ed25519 and X25519; their certificates last until 2052. */
const FOLDER = 'rfc9216';
const PEOPLE = ['alice', 'bob', 'carlos', 'dana'] as const;
const CONTENT = Buffer.from('Content-Type: text/plain\r\n\r\nHello\r\n');
const at = new Date('2026-03-01T10:20:30Z');

type Person = (typeof PEOPLE)[number];
const verifier = (person: Person) => publishedCertificate(FOLDER, `${person}.verify.crt`);
const recipient = (person: Person) => publishedCertificate(FOLDER, `${person}.encrypt.crt`);
const signerOf = async (person: Person) =>
  softwareSigner({
    key: await publishedKey(FOLDER, `${person}.sign.key`),
    certificate: await verifier(person),
  });
const unwrapperOf = async (person: Person) =>
  softwareUnwrapper({
    key: await publishedKey(FOLDER, `${person}.decrypt.key`),
    certificate: await recipient(person),
  });

it.each(PEOPLE)('what %s signs everybody reads', async (person) => {
  const certificates = await Promise.all(PEOPLE.map(recipient));
  const recipients: EncryptionRecipient[] = certificates.map((certificate) => ({
    certificate,
    keyEncryption: certificate.key.type === 'rsa' ? 'rsaes-oaep-sha256' : 'x25519-hkdf-sha256',
  }));
  const signer = await signerOf(person);
  const message = await asMessage(
    await signThenEncrypt(entityOf(CONTENT), { signer, signingTime: at, recipients }),
  );
  for (const reader of PEOPLE) {
    const { kept, layers } = await openBytes(message, { unwrappers: [await unwrapperOf(reader)] });
    expect(kept).toEqual(CONTENT);
    expect(layers).toMatchObject([{ kind: 'encrypted', recipients: 4 }, { kind: 'signed' }]);
    expect(signaturesIn(layers)).toMatchObject([
      { verified: true, certificate: { emails: [`${person}@smime.example`] } },
    ]);
  }
});

it('a path leads to the authority, or by a cross certificate to the other one', async () => {
  const [alice, rsa, ed25519, cross] = await Promise.all([
    verifier('alice'),
    publishedCertificate(FOLDER, 'ca-rsa.crt'),
    publishedCertificate(FOLDER, 'ca-ed25519.crt'),
    publishedCertificate(FOLDER, 'ca-rsa.cross.crt'),
  ]);
  const question = { at, purpose: 'sign' } as const;
  expect(judgeCertificate(alice, { ...question, trustAnchors: [rsa] })).toMatchObject({ ok: true });
  const trustAnchors = [ed25519];
  expect(judgeCertificate(alice, { ...question, trustAnchors, intermediates: [cross] })).toMatchObject({
    ok: true,
  });
  expect(judgeCertificate(alice, { ...question, trustAnchors })).toMatchObject({
    because: 'certificate-untrusted',
  });
});

it.each(PEOPLE)('the PKCS#12 file of %s holds two keys, and one is wanted', async (person) => {
  const file = await testdata(FOLDER, `${person}.p12`);
  expect(() => loadPkcs12(file, person)).toThrow(UnreadableKeyError);
  expect(() => loadPkcs12(file, person)).toThrow(/2 private keys/);
});
