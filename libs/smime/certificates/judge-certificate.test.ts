// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { judgeCertificate, type CertificateFault, type Question } from '../index.ts';
import {
  drawCertificate,
  keyUsage,
  rfc822Name,
  smtpUtf8Mailbox,
  subjectAltName,
} from '../testing/draw-certificate.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const DAY = 24 * 3600 * 1000;
const onCurve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const AUTHORITY = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n';

let workshop: OpensslWorkshop;
let root: Identity;
let alice: Identity;

beforeAll(async () => {
  workshop = await opensslWorkshop();
  root = await workshop.authority('Root');
  alice = await workshop.issue(root, { names: 'email:Alice@a.example' });
});
afterAll(() => workshop.close());

const judge = (who: Identity, question: Partial<Question> = {}) =>
  judgeCertificate(who.certificate, {
    at: new Date(),
    trustAnchors: [root.certificate],
    purpose: 'encrypt',
    ...question,
  });
const because = (fault: CertificateFault): unknown => expect.objectContaining({ ok: false, because: fault });
const later = (days: number) => new Date(Date.now() + days * DAY);

describe('a certificate is used', () => {
  it('for the mailbox that it names, to encrypt and to sign', () => {
    expect(judge(alice, { address: 'alice@a.example' })).toMatchObject({ ok: true });
    expect(judge(alice, { purpose: 'sign' })).toMatchObject({ ok: true });
  });

  it('for an organisation whose domain it names as a whole, and not by any mailbox in it', async () => {
    const gateway = await workshop.issue(root, { names: 'DNS:B.example' });
    expect(judge(gateway, { organisation: 'b.example' })).toMatchObject({ ok: true });
    const authority = await workshop.issue(root, { names: 'email:Domain-Signing-Authority@b.example' });
    expect(judge(authority, { organisation: 'B.example' })).toMatchObject({ ok: true });
    expect(judge(authority, { organisation: 'sub.b.example' })).toEqual(because('certificate-unsuitable'));
    expect(judge(alice, { organisation: 'a.example' })).toEqual(because('certificate-unsuitable'));
  });

  it('for the domain that it names, by host name or by a mailbox in it', async () => {
    const gateway = await workshop.issue(root, { names: 'DNS:B.example' });
    expect(judge(gateway, { domain: 'b.example' })).toMatchObject({ ok: true });
    expect(judge(alice, { domain: 'A.example' })).toMatchObject({ ok: true });
  });

  it('through an intermediate authority that is at hand', async () => {
    const intermediate = await workshop.issue(root, { subject: '/CN=Between', extensions: AUTHORITY });
    const bob = await workshop.issue(intermediate);
    expect(judge(bob, { intermediates: [intermediate.certificate] })).toMatchObject({ ok: true });
    expect(judge(bob)).toEqual(because('certificate-untrusted'));
  });

  it('where it is itself trusted, whoever issued it', () => {
    expect(judge(alice, { trustAnchors: [alice.certificate] })).toMatchObject({ ok: true });
  });

  it('with a key on an elliptic curve as its keyUsage allows', async () => {
    const signing = await workshop.issue(root, { key: workshop.P_256 });
    expect(judge(signing, { purpose: 'sign' })).toMatchObject({ ok: true });
    expect(judge(signing)).toEqual(because('certificate-unsuitable'));
    const extensions = 'keyUsage=critical,keyAgreement\n';
    const agreeing = await workshop.issue(root, { key: workshop.P_256, extensions });
    expect(judge(agreeing)).toMatchObject({ ok: true });
    expect(judge(agreeing, { purpose: 'sign' })).toEqual(because('certificate-unsuitable'));
  });

  it.each([
    ['ML-KEM', () => generateKeyPairSync('ml-kem-768'), { encrypt: true, sign: false }],
    ['X25519', () => generateKeyPairSync('x25519'), { encrypt: true, sign: false }],
    ['Ed25519', () => generateKeyPairSync('ed25519'), { encrypt: false, sign: true }],
    [
      'RSASSA-PSS',
      () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
      { encrypt: false, sign: true },
    ],
    ['Brainpool', () => onCurve('brainpoolP256r1'), { encrypt: false, sign: true }],
    ['Ed448', () => generateKeyPairSync('ed448'), { encrypt: false, sign: false }],
    ['a curve that nobody uses', () => onCurve('secp256k1'), { encrypt: false, sign: false }],
  ])('for what its key is for: %s', (_, makeKeys, allowed) => {
    const certificate = issueByHand(makeKeys().publicKey);
    for (const purpose of ['encrypt', 'sign'] as const) {
      const judgement = judgeCertificate(certificate, {
        at: new Date(),
        trustAnchors: [certificate],
        purpose,
      });
      expect({ purpose, ok: judgement.ok }).toEqual({ purpose, ok: allowed[purpose] });
    }
  });

  it('for mailboxes with other letters than ASCII, and domains in either spelling', () => {
    const names = [smtpUtf8Mailbox('sørensen@bücher.example'), rfc822Name('anna@xn--bcher-kva.example')];
    const { certificate } = drawCertificate({
      extensions: [keyUsage(0x80), subjectAltName(...names)],
    });
    const named = (address: string) =>
      judgeCertificate(certificate, {
        at: new Date(),
        trustAnchors: [certificate],
        purpose: 'sign',
        address,
      }).ok;
    expect(certificate.emails).toEqual(['sørensen@bücher.example', 'anna@xn--bcher-kva.example']);
    expect(named('sørensen@xn--bcher-kva.example')).toBe(true);
    expect(named('ANNA@Bücher.example')).toBe(true);
    expect(named('SØRENSEN@bücher.example')).toBe(false);
    expect(named('s\u006f\u0338rensen@bücher.example')).toBe(false);
    expect(named('sorensen@bücher.example')).toBe(false);
  });
});

describe('a certificate is not used', () => {
  it('before and after its time', () => {
    expect(judge(alice, { at: later(-1) })).toEqual(because('certificate-not-yet-valid'));
    expect(judge(alice, { at: later(21) })).toEqual(because('certificate-expired'));
    expect(judge(alice, { at: new Date(NaN) })).toMatchObject({ ok: false });
  });

  it('where nobody is trusted, or somebody else of the same name', async () => {
    const impostor = await workshop.authority('Root');
    expect(judge(alice, { trustAnchors: [] })).toEqual(because('certificate-untrusted'));
    expect(judge(alice, { trustAnchors: [impostor.certificate] })).toEqual(because('certificate-untrusted'));
  });

  it('for a mailbox or a domain that it does not name', () => {
    expect(judge(alice, { address: 'bob@a.example' })).toEqual(because('certificate-unsuitable'));
    expect(judge(alice, { domain: 'example' })).toEqual(because('certificate-unsuitable'));
    expect(judge(alice, { domain: 'xa.example' })).toEqual(because('certificate-unsuitable'));
  });

  it.each([
    ['its keyUsage is for signing only', 'keyUsage=critical,digitalSignature\n'],
    ['its extendedKeyUsage is for web servers', 'extendedKeyUsage=serverAuth\n'],
    ['it belongs to an authority', AUTHORITY],
    ['it has a critical extension that we do not know', '1.2.3.4=critical,ASN1:NULL\n'],
  ])('to encrypt where %s', async (_, extensions) => {
    const other = await workshop.issue(root, { extensions });
    expect(judge(other)).toEqual(because('certificate-unsuitable'));
  });

  it('where its RSA key is shorter than 2048 bits', async () => {
    const weak = await workshop.issue(root, {
      key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
    });
    expect(judge(weak)).toEqual(because('certificate-unsuitable'));
  });

  it('where SHA-1 vouches for it', async () => {
    const old = await workshop.issue(root, { digest: '-sha1' });
    expect(judge(old)).toEqual(because('certificate-untrusted'));
  });

  it('where an ordinary person issued it', async () => {
    const bob = await workshop.issue(alice, { subject: '/CN=Bob' });
    const intermediates = [alice.certificate];
    expect(judge(bob, { intermediates })).toEqual(because('certificate-untrusted'));
    expect(judge(bob, { trustAnchors: intermediates })).toEqual(because('certificate-untrusted'));
  });

  it.each([
    ['an authority that may not sign certificates', 'basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign\n'],
    ['an authority for web servers', `${AUTHORITY}extendedKeyUsage=serverAuth\n`],
    [
      'an authority for the mailboxes of others',
      `${AUTHORITY}nameConstraints=critical,permitted;email:a.example\n`,
    ],
  ])('through %s', async (_, extensions) => {
    const intermediate = await workshop.issue(root, { subject: '/CN=Between', extensions });
    const bob = await workshop.issue(intermediate, { names: 'email:bob@b.example' });
    expect(judge(bob, { intermediates: [intermediate.certificate] })).toEqual(
      because('certificate-untrusted'),
    );
  });

  it('through more authorities than the path length allows', async () => {
    const narrow = await workshop.authority('Narrow', 'critical,CA:TRUE,pathlen:0');
    const intermediate = await workshop.issue(narrow, { subject: '/CN=Between', extensions: AUTHORITY });
    const [near, far] = [await workshop.issue(narrow), await workshop.issue(intermediate)];
    const question = { trustAnchors: [narrow.certificate], intermediates: [intermediate.certificate] };
    expect(judge(near, question)).toMatchObject({ ok: true });
    expect(judge(far, question)).toEqual(because('certificate-untrusted'));
  });
});
