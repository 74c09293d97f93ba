// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  ALL_CAPABILITIES,
  chooseEncryption,
  encryptEntity,
  entityOf,
  protectMessage,
  softwareSigner,
  type Certificate,
  type ContentEncryption,
  type KeyEncryption,
} from '../index.ts';
import { cmsOf } from '../testing/cms-of.ts';
import { startBouncyCastle, type BouncyCastle } from '../testing/interop/bouncy-castle.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const CIPHERS = ['aes-256-cbc', 'aes-128-cbc', 'aes-256-gcm', 'aes-128-gcm', 'chacha20-poly1305'] as const;
const ONE_OCTET = Buffer.from('x');
const MANY_CHUNKS = Buffer.alloc(200_003, 'More than one chunk of it. ');

let workshop: OpensslWorkshop;
let authority: Identity;
let bouncyCastle: BouncyCastle;
let rsa: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  rsa = await workshop.issue(authority);
  bouncyCastle = await startBouncyCastle();
});
afterAll(async () => {
  await bouncyCastle.close();
  await workshop.close();
});

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const keyOf = ({ keyPem }: Identity) => createPrivateKey(keyPem);

async function isReadByBouncyCastle(
  certificate: Certificate,
  key: KeyObject,
  keyEncryption: KeyEncryption,
  contentEncryption: ContentEncryption,
) {
  for (const identifiedBy of ['issuer-and-serial-number', 'subject-key-identifier'] as const) {
    for (const content of [ONE_OCTET, MANY_CHUNKS]) {
      const recipient = { certificate, keyEncryption, identifiedBy };
      const encrypted = await encryptEntity(entityOf(content), [recipient], { contentEncryption });
      const cms = await cmsOf(encrypted);
      const opened = await bouncyCastle.decrypt(cms, certificate, key);
      expect(opened.equals(content)).toBe(true);
    }
  }
}

describe.each(CIPHERS)('content under %s', (contentEncryption) => {
  it.each(['rsaes-pkcs1-v1_5', 'rsaes-oaep-sha256'] as const)(
    'with its key by %s is read by BouncyCastle',
    async (keyEncryption) => {
      await isReadByBouncyCastle(rsa.certificate, keyOf(rsa), keyEncryption, contentEncryption);
    },
  );

  it.each([
    ['ecdh-sha256', 'P-256'],
    ['ecdh-sha384', 'P-384'],
    ['ecdh-sha512', 'P-521'],
  ] as const)('with its key by %s (%s) is read by BouncyCastle', async (keyEncryption, name) => {
    const reader = await workshop.issue(authority, { key: curve(name) });
    await isReadByBouncyCastle(reader.certificate, keyOf(reader), keyEncryption, contentEncryption);
  });

  it('with its key by x25519-hkdf-sha256 is read by BouncyCastle', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    await isReadByBouncyCastle(issueByHand(publicKey), privateKey, 'x25519-hkdf-sha256', contentEncryption);
  });

  it.each(['ml-kem-512', 'ml-kem-768', 'ml-kem-1024'] as const)(
    'with its key by %s is read by BouncyCastle',
    async (name) => {
      const { publicKey, privateKey } = generateKeyPairSync(name as 'ml-kem-768');
      await isReadByBouncyCastle(issueByHand(publicKey), privateKey, name, contentEncryption);
    },
  );
});

describe.each(CIPHERS.filter((name) => name !== 'chacha20-poly1305'))(
  'content under %s is read by openssl',
  (contentEncryption) => {
    it.each([
      ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
      ['P-256', curve('P-256')],
      ['P-384', curve('P-384')],
      ['P-521', curve('P-521')],
    ])('with its key for %s', async (_name, key) => {
      const reader = await workshop.issue(authority, { key, extensions: 'subjectKeyIdentifier=hash\n' });
      for (const identifiedBy of ['issuer-and-serial-number', 'subject-key-identifier'] as const) {
        for (const content of [ONE_OCTET, MANY_CHUNKS]) {
          const options = { contentEncryption, identifiedBy };
          const encrypted = await encryptEntity(entityOf(content), [reader.certificate], options);
          const file = await workshop.save(encrypted);
          expect((await readFile(await workshop.decrypt(file, reader))).equals(content)).toBe(true);
        }
      }
    });
  },
);

describe('a message to several', () => {
  it('is read by each of them, whatever their keys', async () => {
    const elliptic = await workshop.issue(authority, { key: curve('P-384') });
    const x25519 = generateKeyPairSync('x25519');
    const kem = generateKeyPairSync('ml-kem-1024');
    const readers = [
      { certificate: rsa.certificate, key: keyOf(rsa) },
      { certificate: elliptic.certificate, key: keyOf(elliptic) },
      { certificate: issueByHand(x25519.publicKey), key: x25519.privateKey },
      { certificate: issueByHand(kem.publicKey), key: kem.privateKey },
    ];
    const certificates = readers.map(({ certificate }) => certificate);
    for (const contentEncryption of ['aes-256-cbc', 'aes-256-gcm'] as const) {
      const encrypted = await encryptEntity(entityOf(MANY_CHUNKS), certificates, { contentEncryption });
      const cms = await cmsOf(encrypted);
      for (const { certificate, key } of readers) {
        expect((await bouncyCastle.decrypt(cms, certificate, key)).equals(MANY_CHUNKS)).toBe(true);
      }
    }
  });

  it('says how their keys were wrapped, each way once, and opens as chosen', async () => {
    const elliptic = await workshop.issue(authority, { key: curve('P-256') });
    const choice = chooseEncryption(
      [rsa, elliptic, rsa].map(({ certificate }) => ({ certificate, capabilities: ALL_CAPABILITIES })),
    );
    const { message, encryption } = await protectMessage(
      entityOf(Buffer.from('From: a@a.example\r\n\r\nHi\r\n')),
      { signer: softwareSigner({ key: rsa.keyPem, ...rsa }), signingTime: new Date(), ...choice },
    );
    expect(encryption).toEqual({
      algorithm: 'aes-256-gcm',
      keyEncryption: 'rsaes-oaep-sha256, ecdh-sha256',
      certificateSha256: [rsa.certificate.sha256, elliptic.certificate.sha256],
    });
    const file = await workshop.save(message);
    for (const reader of [rsa, elliptic]) {
      await workshop.verify(await workshop.decrypt(file, reader), authority);
    }
  });
});
