// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  encryptEntity,
  entityOf,
  hcpBaseline,
  protectMessage,
  signEntity,
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  tripleWrap,
  type Certificate,
  type KeyEncryption,
  type SignatureAlgorithm,
} from '../index.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { asMessage, bytesOf, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const HEADER = 'Content-Type: text/plain\r\n\r\n';
const CONTENTS = ['', 'x', 'More than one chunk of it.\r\n'.repeat(8_000)].map((text) =>
  Buffer.from(HEADER + text),
);
const CUTS = [[64 * 1024], [1, 2, 3, 500, 7001], [4096]];
const CIPHERS = ['aes-256-cbc', 'aes-128-cbc', 'aes-256-gcm', 'aes-128-gcm', 'chacha20-poly1305'] as const;
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let authority: Identity;
let rsa: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  rsa = await workshop.issue(authority);
});
afterAll(() => workshop.close());

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const signerOf = ({ keyPem, certificate }: Identity, algorithm?: SignatureAlgorithm) =>
  softwareSigner({ key: keyPem, certificate, algorithm });
const unwrapperOf = ({ keyPem, certificate }: Identity) => softwareUnwrapper({ key: keyPem, certificate });

describe('what is signed here is verified here', () => {
  const verifiesAll = async (identity: Identity, algorithm: SignatureAlgorithm) => {
    for (const form of ['detached', 'opaque'] as const) {
      for (const content of CONTENTS) {
        const entity = await signEntity(entityOf(content), signerOf(identity, algorithm), {
          signingTime,
          form,
        });
        const message = await asMessage(entity);
        for (const cuts of content.length > 1000 ? CUTS : [[1], [5, 3]]) {
          const { kept, layers } = await openBytes(message, {}, ...cuts);
          expect(kept.equals(content)).toBe(true);
          expect(layers).toMatchObject([{ kind: 'signed', form, problems: [] }]);
          const [signature] = signaturesIn(layers);
          expect(signature).toMatchObject({ verified: true, problems: [], signingTime });
          expect(signature?.certificate?.sha256).toBe(identity.certificate.sha256);
          expect(algorithm).toContain(signature?.algorithm);
          expect(signature?.capabilities).toHaveLength(2);
        }
      }
    }
  };

  it.each([
    'rsassa-pkcs1-v1_5-sha256',
    'rsassa-pkcs1-v1_5-sha384',
    'rsassa-pkcs1-v1_5-sha512',
    'rsassa-pss-sha256',
    'rsassa-pss-sha384',
    'rsassa-pss-sha512',
  ] as const)('by %s', async (algorithm) => {
    await verifiesAll(rsa, algorithm);
  });

  it.each([
    ['ecdsa-sha256', curve('P-256')],
    ['ecdsa-sha384', curve('P-384')],
    ['ecdsa-sha512', curve('P-521')],
    ['ed25519', ['-algorithm', 'ED25519']],
    ['rsassa-pss-sha256', ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ] as const)('by %s with a key %s', async (algorithm, key) => {
    await verifiesAll(await workshop.issue(authority, { key: [...key] }), algorithm);
  });
});

describe.each(CIPHERS)('what is encrypted here under %s is decrypted here', (contentEncryption) => {
  const decrypts = async (certificate: Certificate, key: KeyObject, keyEncryption: KeyEncryption) => {
    const unwrappers = [softwareUnwrapper({ key, certificate })];
    for (const identifiedBy of ['issuer-and-serial-number', 'subject-key-identifier'] as const) {
      for (const [i, content] of CONTENTS.entries()) {
        const recipient = { certificate, keyEncryption, identifiedBy };
        const entity = await encryptEntity(entityOf(content), [recipient], { contentEncryption });
        const { kept, layers } = await openBytes(await asMessage(entity), { unwrappers }, ...(CUTS[i] ?? []));
        expect(kept.equals(content)).toBe(true);
        const authenticated = !contentEncryption.endsWith('cbc');
        expect(layers).toMatchObject([
          {
            kind: 'encrypted',
            contentEncryption,
            authenticated,
            recipients: 1,
            problems: authenticated ? [] : ['unauthenticated-encryption'],
          },
        ]);
      }
    }
  };

  it.each(['rsaes-pkcs1-v1_5', 'rsaes-oaep-sha256'] as const)('with its key by %s', async (way) => {
    await decrypts(rsa.certificate, createPrivateKey(rsa.keyPem), way);
  });

  it.each([
    ['ecdh-sha256', 'P-256'],
    ['ecdh-sha384', 'P-384'],
    ['ecdh-sha512', 'P-521'],
  ] as const)('with its key by %s', async (way, name) => {
    const reader = await workshop.issue(authority, { key: curve(name) });
    await decrypts(reader.certificate, createPrivateKey(reader.keyPem), way);
  });

  it.each(['x25519', 'ml-kem-512', 'ml-kem-768', 'ml-kem-1024'] as const)('with a key %s', async (kind) => {
    const { publicKey, privateKey } = generateKeyPairSync(kind as 'x25519');
    const way = kind === 'x25519' ? 'x25519-hkdf-sha256' : kind;
    await decrypts(issueByHand(publicKey), privateKey, way);
  });
});

describe('layers', () => {
  const content = CONTENTS[2]!;

  it('signed, then encrypted: nothing is odd about it, and the signature is one of the content', async () => {
    const options = { signer: signerOf(rsa), signingTime, recipients: [rsa.certificate] };
    for (const contentEncryption of ['aes-256-cbc', 'aes-256-gcm'] as const) {
      const entity = await signThenEncrypt(entityOf(content), { ...options, contentEncryption });
      const { kept, layers } = await openBytes(await asMessage(entity), { unwrappers: [unwrapperOf(rsa)] });
      expect(kept.equals(content)).toBe(true);
      expect(layers.map(({ kind }) => kind)).toEqual(['encrypted', 'signed']);
      expect(layers.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });

  it('triple wrapped, in any chunks', async () => {
    const gateway = await workshop.issue(authority, { key: workshop.P_256, subject: '/CN=Gateway' });
    const entity = await tripleWrap(entityOf(content), {
      signer: signerOf(rsa),
      outerSigner: signerOf(gateway),
      signingTime,
      recipients: [rsa.certificate],
    });
    for (const cuts of CUTS) {
      const message = await asMessage(entity);
      const { kept, layers } = await openBytes(message, { unwrappers: [unwrapperOf(rsa)] }, ...cuts);
      expect(kept.equals(content)).toBe(true);
      expect(layers.map(({ kind }) => kind)).toEqual(['signed', 'encrypted', 'signed']);
      expect(signaturesIn(layers).map(({ verified }) => verified)).toEqual([true, true]);
    }
  });

  it('a message with header protection: the subject is read inside', async () => {
    const mail = 'From: aske@a.example\r\nSubject: Secret\r\nContent-Type: text/plain\r\n\r\nHi\r\n';
    const { message } = await protectMessage(entityOf(Buffer.from(mail)), {
      signer: signerOf(rsa),
      signingTime,
      recipients: [rsa.certificate],
      headerProtection: hcpBaseline,
    });
    const opened = await openBytes(await bytesOf(message), { unwrappers: [unwrapperOf(rsa)] });
    expect(opened.header.get('Subject')).toBe('[...]');
    expect(opened.contentHeader?.get('Subject')).toBe('Secret');
  });
});

it('a message that is no S/MIME is kept as it came, with no layers', async () => {
  const mail = Buffer.from('From: a@a.example\r\nContent-Type: text/plain\r\n\r\nHi\r\n');
  const { kept, layers, header, contentHeader } = await openBytes(mail, {}, 1);
  expect(kept).toEqual(mail);
  expect(layers).toEqual([]);
  expect(header).toBe(contentHeader);
});
