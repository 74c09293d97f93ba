// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { encryptEntity, entityOf, signEntity, softwareSigner, type Signer } from '../index.ts';
import {
  openssl,
  opensslWorkshop,
  type Identity,
  type OpensslWorkshop,
} from '../testing/openssl-workshop.ts';

const signingTime = new Date();
let workshop: OpensslWorkshop;
let authority: Identity;
let alice: Identity;
let bob: Identity;
let carol: Identity;
let signer: Signer;

beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  [alice, bob, carol] = await Promise.all([
    workshop.issue(authority, { names: 'email:alice@a.example', subject: '/CN=Alice' }),
    workshop.issue(authority, { names: 'email:bob@b.example', subject: '/CN=Bob' }),
    workshop.issue(authority, { names: 'email:carol@c.example', subject: '/CN=Carol' }),
  ]);
  signer = softwareSigner({ key: alice.keyPem, certificate: alice.certificate });
});
afterAll(() => workshop.close());

const HEADER = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n';
const entity = (body: string | Buffer) => entityOf(Buffer.concat([Buffer.from(HEADER), Buffer.from(body)]));
const bytesOf = (source: { open(): AsyncIterable<Buffer> }) => buffer(source.open());

describe('an encrypted entity', () => {
  it.each([0, 1, 15, 16, 17, 31, 32, 57, 4096, 65_536, 65_537])(
    'of %i octets comes back from openssl octet for octet',
    async (length) => {
      const content = Buffer.alloc(length, 'The quick brown fox. ');
      const encrypted = await encryptEntity(entityOf(content), [bob.certificate]);
      const opened = await workshop.decrypt(await workshop.save(encrypted), bob);
      expect((await readFile(opened)).equals(content)).toBe(true);
    },
  );

  it('is opened by each of its recipients and by nobody else', async () => {
    const plain = entity('til jer begge\r\n');
    const encrypted = await workshop.save(await encryptEntity(plain, [bob.certificate, carol.certificate]));
    for (const reader of [bob, carol]) {
      expect(await readFile(await workshop.decrypt(encrypted, reader))).toEqual(await bytesOf(plain));
    }
    await expect(workshop.decrypt(encrypted, alice)).rejects.toThrow(/openssl cms exited/);
  });

  it.each([
    ['aes-256-cbc', 'rsaes-pkcs1-v1_5', ['aes-256-cbc', 'rsaEncryption']],
    ['aes-128-cbc', 'rsaes-oaep-sha256', ['aes-128-cbc', 'rsaesOaep']],
  ] as const)('with %s and %s says so and is opened by openssl', async (cipher, wrapping, names) => {
    const plain = entity('bodies\r\n');
    const options = { contentEncryption: cipher, keyEncryption: wrapping };
    const file = await workshop.save(await encryptEntity(plain, [bob.certificate], options));
    const printed = (await openssl('cms', '-cmsout', '-print', '-in', file)).toString();
    for (const name of names) expect(printed).toContain(name);
    expect(await readFile(await workshop.decrypt(file, bob))).toEqual(await bytesOf(plain));
  });

  it('is the same, and as long as it says, each time it is opened', async () => {
    const encrypted = await encryptEntity(entity('once'), [bob.certificate]);
    const first = await bytesOf(encrypted);
    expect(first).toHaveLength(encrypted.size);
    expect(await bytesOf(encrypted)).toEqual(first);
  });

  it('draws a new content key for each message', async () => {
    const plain = entity('twice');
    const one = await bytesOf(await encryptEntity(plain, [bob.certificate]));
    expect(await bytesOf(await encryptEntity(plain, [bob.certificate]))).not.toEqual(one);
  });

  it('is in lines of at most 76 columns, each ended by CRLF', async () => {
    const text = (await bytesOf(await encryptEntity(entity('x'.repeat(1000)), [bob.certificate]))).toString();
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const [, body = ''] = text.split('\r\n\r\n');
    expect(Math.max(...body.split('\r\n').map((line) => line.length))).toBe(76);
  });

  it('is refused to a certificate whose key cannot be encrypted for, and for nobody', async () => {
    const signsOnly = await workshop.issue(authority, { key: ['-algorithm', 'ED25519'] });
    await expect(encryptEntity(entity(''), [signsOnly.certificate])).rejects.toThrow(/RSA/);
    await expect(encryptEntity(entity(''), [])).rejects.toThrow(/at least one/);
  });

  it('is not finished where its content has changed its length', async () => {
    const lying = { size: 5, open: () => entityOf(Buffer.from('six or more')).open() };
    await expect(bytesOf(await encryptEntity(lying, [bob.certificate]))).rejects.toThrow(
      /changed its length/,
    );
    const short = { size: 50, open: () => entityOf(Buffer.from('too few')).open() };
    await expect(bytesOf(await encryptEntity(short, [bob.certificate]))).rejects.toThrow(
      /changed its length/,
    );
  });
});

describe('a signed entity', () => {
  it.each(['detached', 'opaque'] as const)(
    '(%s) is verified by openssl, which gives its content back octet for octet',
    async (form) => {
      const plain = entity('Kære Bob, håber på godt nyt.\r\n\r\n-- \r\nÆrbødigst\r\n');
      const file = await workshop.save(await signEntity(plain, signer, { signingTime, form }));
      expect(await readFile(await workshop.verify(file, authority))).toEqual(await bytesOf(plain));
    },
  );

  it('carries the attributes that readers look for', async () => {
    const file = await workshop.save(await signEntity(entity('x'), signer, { signingTime }));
    expect(await readFile(file, 'utf8')).toMatch(
      /^Content-Type: multipart\/signed; protocol="application\/pkcs7-signature";\r\n micalg=sha-256;/,
    );
    const printed = (await openssl('cms', '-cmsout', '-print', '-in', file)).toString();
    const attributes = ['contentType', 'signingTime', 'messageDigest', 'S/MIME Capabilities'];
    for (const name of [...attributes, 'id-smime-aa-signingCertificateV2']) expect(printed).toContain(name);
    expect(printed).toContain('CN=Alice');
  });

  it('is bound to the very certificate of its signer (openssl: -cades)', async () => {
    const file = await workshop.save(await signEntity(entity('x'), signer, { signingTime }));
    await expect(workshop.verify(file, authority, '-cades')).resolves.toBeDefined();
  });

  it('is no longer verified after one octet of it changed', async () => {
    const signed = await bytesOf(await signEntity(entity('pay 100'), signer, { signingTime }));
    const forged = await workshop.write('forged.eml', signed.toString().replace('pay 100', 'pay 900'));
    await expect(workshop.verify(forged, authority)).rejects.toThrow(/openssl cms exited/);
  });

  it('brings the intermediate authorities along, so that the root is all a reader needs', async () => {
    const extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n';
    const intermediate = await workshop.issue(authority, { subject: '/CN=Intermediate', extensions });
    const dora = await workshop.issue(intermediate, { subject: '/CN=Dora', key: workshop.P_256 });
    const from = { key: dora.keyPem, certificate: dora.certificate };
    const plain = entity('elliptic\r\n');
    const bare = await signEntity(plain, softwareSigner(from), { signingTime });
    await expect(workshop.verify(await workshop.save(bare), authority)).rejects.toThrow(/issuer/);
    const chained = softwareSigner({ ...from, chain: [intermediate.certificate] });
    const signed = await signEntity(plain, chained, { signingTime });
    expect(chained.algorithm).toBe('ecdsa-sha256');
    const verified = await workshop.verify(await workshop.save(signed), authority);
    expect(await readFile(verified)).toEqual(await bytesOf(plain));
  });

  it('is the same, and as long as it says, each time it is opened', async () => {
    for (const form of ['detached', 'opaque'] as const) {
      const signed = await signEntity(entity('once'), signer, { signingTime, form });
      const first = await bytesOf(signed);
      expect(first).toHaveLength(signed.size);
      expect(await bytesOf(signed)).toEqual(first);
    }
  });
});

it('what we sign and encrypt, openssl decrypts and verifies: any body, in any chunks', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replace(/[\r\n]/g, ''));
  const lines = fc.array(line, { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.integer({ min: 1, max: 90 })), async (text, cuts) => {
      const bytes = Buffer.from(HEADER + text.join('\r\n'));
      // eslint-disable-next-line @typescript-eslint/require-await -- an entity opens as an asynchronous source
      const open = async function* () {
        let at = 0;
        for (const cut of cuts) yield bytes.subarray(at, (at += cut));
        yield bytes.subarray(at);
      };
      const signed = await signEntity({ size: bytes.length, open }, signer, { signingTime });
      const encrypted = await workshop.save(await encryptEntity(signed, [bob.certificate]));
      const opened = await workshop.decrypt(encrypted, bob);
      expect(await readFile(opened)).toEqual(await bytesOf(signed));
      expect(await readFile(await workshop.verify(opened, authority))).toEqual(bytes);
    }),
    { numRuns: 25 },
  );
});
