// SPDX-License-Identifier: Apache-2.0
import { NULL, oid, octetString, sequence, smallInteger, TAG, der } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  compareSenders,
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  type SignatureProblem,
} from '../index.ts';
import { asMessage, openBytes, signaturesIn } from '../testing/opening.ts';
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
const detached = async (from?: string, content = CONTENT, { keyPem, certificate }: Identity = aske) =>
  (
    await asMessage(
      await signEntity(entityOf(content), softwareSigner({ key: keyPem, certificate }), { signingTime: at }),
      from,
    )
  ).toString('latin1');
const boundaryOf = (text: string) => /boundary="([^"]+)"/.exec(text)?.[1] ?? '';

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

describe('multipart/signed', () => {
  it('whose signature was taken away', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const [header = '', content = ''] = text.split(`--${boundary}\r\n`);
    const { kept, layers } = await openBytes(
      Buffer.from(`${header}--${boundary}\r\n${content}--${boundary}--\r\n`),
    );
    expect(kept).toEqual(CONTENT);
    expect(layers).toMatchObject([{ kind: 'signed', signatures: [], problems: ['signature-missing'] }]);
  });

  it('whose signature is something else', async () => {
    const text = (await detached()).replace(
      '\r\nContent-Type: application/pkcs7-signature',
      '\r\nContent-Type: text/plain',
    );
    expect((await openBytes(Buffer.from(text))).layers).toMatchObject([
      { signatures: [], problems: ['signature-missing'] },
    ]);
  });

  it('whose SignedData nobody signed', async () => {
    const message = cmsMessage(signByHand(aske, { content: CONTENT, copies: 0 }));
    expect((await openBytes(message)).layers).toMatchObject([{ signatures: [], problems: ['no-signer'] }]);
  });

  it('whose signature brings a content of its own: that is not what stands beside it', async () => {
    const cms = signByHand(aske, { content: CONTENT }).toString('base64');
    const text =
      'From: aske@a.example\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nPay 999\r\n--b\r\n' +
      `Content-Type: application/pkcs7-signature\r\n\r\n${cms}\r\n--b--\r\n`;
    expect((await openBytes(Buffer.from(text))).layers).toMatchObject([
      { signatures: [], problems: ['signature-missing'] },
    ]);
  });

  it('with a second body behind the signature', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const more = text.replace(`--${boundary}--`, `--${boundary}\r\n\r\nPay 999\r\n--${boundary}--`);
    const { kept, layers } = await openBytes(Buffer.from(more));
    expect(kept).toEqual(CONTENT);
    expect(layers[0]?.problems).toEqual(['more-parts']);
  });

  it('with a body before it, which is not the one that was signed', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const more = text.replace(`--${boundary}\r\n`, `--${boundary}\r\n\r\nPay 999\r\n--${boundary}\r\n`);
    const { layers } = await openBytes(Buffer.from(more));
    expect(signaturesIn(layers).some(({ verified }) => verified)).toBe(false);
  });

  it('with a line that some programs take for a delimiter and others do not', async () => {
    const text = await detached();
    const boundary = boundaryOf(text);
    const odd = text.replace('Pay 100', `Pay 1\r\n--${boundary}x\r\n00`);
    await expect(openBytes(Buffer.from(odd))).rejects.toMatchObject({ code: 'malformed-multipart' });
  });

  it('as a part among others, which is not the message', async () => {
    const inner = (await detached()).replace(/^From.*\r\n/, '');
    const text = `From: aske@a.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nPay 999\r\n--m\r\n${inner}\r\n--m--\r\n`;
    expect((await openBytes(Buffer.from(text))).layers).toEqual([]);
  });

  it('that a mail program made with another micalg than it signed with', async () => {
    for (const micalg of ['sha1', 'sha-512', 'unknown', 'md5, sha1']) {
      const text = (await detached()).replace('micalg=sha-256', `micalg="${micalg}"`);
      expect(await problemsOf(Buffer.from(text))).toEqual([[true]]);
    }
  });

  it('of OpenPGP is content', async () => {
    const text = (await detached()).replace('application/pkcs7-signature', 'application/pgp-signature');
    expect((await openBytes(Buffer.from(text))).layers).toEqual([]);
  });
});

describe('who it is from and who signed', () => {
  const compared = async (text: string) => compareSenders(await openBytes(Buffer.from(text, 'latin1')));

  it('the same: case does not count', async () => {
    expect(await compared(await detached('Aske <aske@A.example>'))).toEqual({
      outer: { from: ['aske@A.example'], sender: [] },
      inner: null,
      signers: [['Aske@a.example']],
      problems: [],
    });
  });

  it.each([
    ['another person', 'eve@e.example', ['from-not-signer']],
    ['one whose name shows the address', '"aske@a.example" <eve@e.example>', ['from-not-signer']],
    ['several', 'aske@a.example, eve@e.example', ['no-single-from']],
    ['From twice', 'eve@e.example\r\nFrom: aske@a.example', ['no-single-from']],
    [
      'another From, and the signer in Sender',
      'eve@e.example\r\nSender: aske@a.example',
      ['sender-is-signer'],
    ],
  ])('%s', async (_name, from, problems) => {
    expect((await compared(await detached(from))).problems).toEqual(problems);
  });

  it('a From inside, which differs from the one outside', async () => {
    const content = Buffer.from('From: aske@a.example\r\nContent-Type: text/plain\r\n\r\nPay 100\r\n');
    const result = await compared(await detached('eve@e.example', content));
    expect(result.inner?.from).toEqual(['aske@a.example']);
    expect(result.problems).toEqual(['from-differs']);
  });

  it('a signature around an encryption, which anybody could have put there', async () => {
    const encrypted = await encryptEntity(entityOf(CONTENT), [aske.certificate]);
    const signed = await signEntity(
      encrypted,
      softwareSigner({ key: eve.keyPem, certificate: eve.certificate }),
      {
        signingTime: at,
      },
    );
    const unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
    const opened = await openBytes(await asMessage(signed, 'eve@e.example'), { unwrappers });
    expect(compareSenders(opened).problems).toEqual(['only-ciphertext-signed']);
  });

  it('nobody signed', async () => {
    const result = await compared('From: aske@a.example\r\n\r\nPay 100\r\n');
    expect(result).toMatchObject({ signers: [], problems: ['from-not-signer'] });
  });

  it('an outer signature is not one of the content', async () => {
    const inner = Buffer.from((await detached('', CONTENT, eve)).replace(/^From.*\r\n/, ''), 'latin1');
    const result = await compared(await detached('aske@a.example', inner));
    expect(result.signers).toEqual([['eve@e.example']]);
    expect(result.problems).toEqual(['from-not-signer']);
  });
});
