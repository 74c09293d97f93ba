// SPDX-License-Identifier: Apache-2.0
import {
  context,
  contextPrimitive,
  der,
  NULL,
  octetString,
  oid,
  sequence,
  smallInteger,
  TAG,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate, SignatureProblem } from '../index.ts';
import { openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import {
  attribute,
  cmsMessage,
  mandatoryAttributes,
  signByHand,
  signingTimeAttribute,
} from '../testing/sign-by-hand.ts';

const CONTENT = Buffer.from('Content-Type: text/plain\r\n\r\nPay 100\r\n');
const at = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let eve: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  aske = await workshop.issue(authority, { names: 'email:Aske@a.example' });
  eve = await workshop.issue(authority, { names: 'email:eve@e.example' });
});
afterAll(() => workshop.close());

const problemsOf = async (message: Buffer) =>
  signaturesIn((await openBytes(message)).layers).map(({ verified, problems }) => [verified, ...problems]);

describe('signed attributes', () => {
  const [type, digest] = mandatoryAttributes(CONTENT) as [Buffer, Buffer];
  const essCertificate = (hash: Buffer) =>
    attribute(OID.signingCertificateV2, sequence(sequence(sequence(octetString(hash)))));

  it.each<[string, Buffer[], ...(SignatureProblem | boolean)[]]>([
    ['as they should be', [type, digest, signingTimeAttribute(at)], true],
    ['in another order than that of DER', [signingTimeAttribute(at), digest, type], true],
    ['twice the same', [type, digest, digest], false, 'attribute-repeated'],
    [
      'two times of signing',
      [type, digest, signingTimeAttribute(at), signingTimeAttribute(new Date(0))],
      false,
      'attribute-repeated',
    ],
    [
      'two digests in one',
      [type, attribute(OID.messageDigest, octetString(Buffer.alloc(32)), octetString(Buffer.alloc(31)))],
      false,
      'attribute-malformed',
    ],
    ['no digest', [type], false, 'attribute-missing'],
    ['no content type', [digest], false, 'attribute-missing'],
    [
      'another content type',
      [attribute(OID.contentType, oid(OID.signedData)), digest],
      false,
      'other-content-type',
    ],
    [
      'the digest of something else',
      [type, attribute(OID.messageDigest, octetString(Buffer.alloc(32)))],
      false,
      'content-changed',
    ],
    [
      'the certificate of somebody else',
      [type, digest, essCertificate(Buffer.alloc(32))],
      false,
      'other-signing-certificate',
    ],
    [
      'a time that is none',
      [type, digest, attribute(OID.signingTime, der(TAG.utcTime, Buffer.from('261399000000Z')))],
      false,
      'attribute-malformed',
    ],
    [
      'an attribute without a value',
      [type, digest, attribute(OID.signingTime)],
      false,
      'attribute-malformed',
    ],
    ['one that is not known', [type, digest, attribute('1.2.3.4', smallInteger(1))], true],
  ])('%s', async (_name, attributes, ...expected) => {
    expect(await problemsOf(cmsMessage(signByHand(aske, { content: CONTENT, attributes })))).toEqual([
      expected,
    ]);
  });
});

describe('the certificate that its signer prefers mail to be encrypted for', () => {
  const named = async (preference: (preferred: Certificate) => Buffer[]) => {
    const preferred = await workshop.issue(authority, { names: 'email:Aske@a.example' });
    const attributes = [
      ...mandatoryAttributes(CONTENT),
      attribute(OID.encryptionKeyPreference, ...preference(preferred.certificate)),
    ];
    const certificates = [aske, preferred].map(({ certificate }) => certificate.der);
    const cms = signByHand(aske, { content: CONTENT, attributes, certificates });
    const [signature] = signaturesIn((await openBytes(cmsMessage(cms))).layers);
    expect(signature?.verified).toBe(true);
    const found = signature?.encryptionCertificate ?? null;
    return found !== null && found.sha256 === preferred.certificate.sha256;
  };
  const numbered = ({ issuer, serial }: Certificate) => der(context(0), issuer, serial);
  const keyOf = ({ subjectKeyIdentifier }: Certificate) => subjectKeyIdentifier!;

  it.each<[string, (preferred: Certificate) => Buffer[], boolean]>([
    ['by issuer and serial number', (of) => [numbered(of)], true],
    ['by a RecipientKeyIdentifier', (of) => [der(context(1), octetString(keyOf(of)))], true],
    ['by its key identifier', (of) => [der(contextPrimitive(2), keyOf(of))], true],
    ['not, where it did not come along', () => [numbered(eve.certificate)], false],
    ['not, where there are two', (of) => [numbered(of), numbered(eve.certificate)], false],
    ['not, where it is named in another way', () => [smallInteger(1)], false],
    ['not, where nothing is', () => [], false],
  ])('is told %s', async (_, preference, found) => {
    expect(await named(preference)).toBe(found);
  });
});

describe('algorithms', () => {
  const sha512 = sequence(oid(OID.sha512));
  it.each<[string, Parameters<typeof signByHand>[1], ...(SignatureProblem | boolean)[]]>([
    [
      'that disagree',
      { content: CONTENT, algorithm: sequence(oid(OID.sha512WithRsa), NULL) },
      false,
      'algorithms-disagree',
    ],
    [
      'that disagree, the weak one for the signature',
      { content: CONTENT, algorithm: sequence(oid(OID.sha1WithRsa), NULL), signWith: 'sha1' },
      false,
      'algorithms-disagree',
    ],
    [
      'for another key',
      { content: CONTENT, algorithm: sequence(oid(OID.ecdsaWithSha256)) },
      false,
      'key-unsuitable',
    ],
    [
      'not known here',
      { content: CONTENT, algorithm: sequence(oid('1.2.840.10040.4.3')) },
      false,
      'algorithm-unknown',
    ],
    [
      'a digest not known here',
      { content: CONTENT, digest: sequence(oid('1.2.3.4')) },
      false,
      'digest-unknown',
    ],
    [
      'another digest than was signed with',
      { content: CONTENT, signWith: 'sha512' },
      false,
      'signature-wrong',
    ],
    [
      'another digest than that of the content',
      { content: CONTENT, digest: sha512, signWith: 'sha512' },
      false,
      'content-changed',
    ],
  ])('%s', async (_name, options, ...expected) => {
    expect(await problemsOf(cmsMessage(signByHand(aske, options)))).toEqual([expected]);
  });

  it('a signature of one person under the name of another', async () => {
    const forged = { ...aske, keyPem: eve.keyPem };
    expect(await problemsOf(cmsMessage(signByHand(forged, { content: CONTENT })))).toEqual([
      [false, 'signature-wrong'],
    ]);
  });

  it('a hundred signers, each of whom would cost a verification', async () => {
    const message = cmsMessage(signByHand(aske, { content: CONTENT, copies: 100 }));
    await expect(openBytes(message)).rejects.toMatchObject({ code: 'over-limit' });
  });

  it('a certificate that is damaged spoils no other', async () => {
    const damaged = sequence(smallInteger(1));
    const certificates = [damaged, aske.certificate.der];
    const { layers } = await openBytes(cmsMessage(signByHand(aske, { content: CONTENT, certificates })));
    expect(layers[0]?.problems).toEqual(['certificate-unreadable']);
    expect(signaturesIn(layers)).toMatchObject([{ verified: true }]);
  });
});
