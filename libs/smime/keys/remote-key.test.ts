// SPDX-License-Identifier: Apache-2.0
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  privateDecrypt,
  privateEncrypt,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { NULL, octetString, oid, sequence } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import {
  encryptEntity,
  entityOf,
  KeyUnavailableError,
  signEntity,
  tripleWrap,
  type Certificate,
  type Signer,
  type Unwrapper,
} from '../index.ts';
import { issueByHand } from '../testing/issue-by-hand.ts';
import { asMessage, openBytes, signaturesIn } from '../testing/opening.ts';
import { opensslWorkshop, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const ENTITY = Buffer.from(
  `Content-Type: text/plain\r\n\r\n${'A line of a long letter.\r\n'.repeat(20_000)}`,
);

/** A key management service: keys stay in it, and each question is a POST of octets. */
async function startKeyService(rsa: string) {
  const rsaKey = createPrivateKey(rsa);
  const x25519 = generateKeyPairSync('x25519');
  const asked: { operation: string; octets: number }[] = [];
  const operations: Record<string, (question: Buffer) => Buffer> = {
    '/sign': (info) => privateEncrypt({ key: rsaKey, padding: constants.RSA_PKCS1_PADDING }, info),
    '/decrypt': (ciphertext) =>
      privateDecrypt(
        { key: rsaKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
        ciphertext,
      ),
    '/agree': (spki) =>
      diffieHellman({
        privateKey: x25519.privateKey,
        publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
      }),
  };
  const server = createServer((request, response) => {
    void buffer(request).then((question) => {
      asked.push({ operation: request.url ?? '', octets: question.length });
      response.end(operations[request.url ?? '']?.(question));
    });
  });
  // A connection that the server closes for being idle may be the one that the next question goes out by.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    x25519: x25519.publicKey,
    asked,
    stop: () => {
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return stopped;
    },
  };
}

/** All that somebody writes who has his keys in such a service. */
function remoteKey(url: string, certificate: Certificate): Signer & Unwrapper {
  const ask = async (path: string, question: Buffer): Promise<Buffer> => {
    const response = await fetch(url + path, { method: 'POST', body: new Uint8Array(question) }).catch(
      (cause: unknown) => {
        throw new KeyUnavailableError('the key service does not answer', { cause });
      },
    );
    return Buffer.from(await response.arrayBuffer());
  };
  return {
    certificate,
    chain: [],
    algorithm: 'rsassa-pkcs1-v1_5-sha256',
    sign: async (bytes) => {
      const digest = createHash('sha256').update(bytes).digest();
      return await ask('/sign', sequence(sequence(oid(OID.sha256), NULL), octetString(digest)));
    },
    decrypt: (ciphertext) => ask('/decrypt', ciphertext),
    agree: (publicKey) => ask('/agree', publicKey.export({ type: 'spki', format: 'der' })),
    decapsulate: () => Promise.reject(new Error('not there')),
  };
}

let workshop: OpensslWorkshop;
let service: Awaited<ReturnType<typeof startKeyService>>;
let certificate: Certificate;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  const person = await workshop.issue(await workshop.authority('Root'));
  ({ certificate } = person);
  service = await startKeyService(person.keyPem);
});
afterAll(async () => {
  await service.stop();
  await workshop.close();
});
beforeEach(() => service.asked.splice(0));

describe('a key in a service elsewhere', () => {
  it('signs and unwraps a letter of half a megabyte, and is sent some hundred octets for each', async () => {
    const key = remoteKey(service.url, certificate);
    const wrapped = await tripleWrap(entityOf(ENTITY), {
      signer: key,
      signingTime: new Date(),
      recipients: [{ certificate, keyEncryption: 'rsaes-oaep-sha256' }],
    });
    const { kept, layers } = await openBytes(await asMessage(wrapped), { unwrappers: [key] });
    expect(kept).toEqual(ENTITY);
    expect(signaturesIn(layers).map(({ verified }) => verified)).toEqual([true, true]);
    expect(service.asked).toEqual([
      { operation: '/sign', octets: 51 },
      { operation: '/sign', octets: 51 },
      { operation: '/decrypt', octets: 256 },
    ]);
  });

  it('agrees with the key of a sender', async () => {
    const reader = issueByHand(service.x25519);
    const encrypted = await encryptEntity(entityOf(ENTITY), [reader]);
    const unwrappers = [remoteKey(service.url, reader)];
    const { kept } = await openBytes(await asMessage(encrypted), { unwrappers });
    expect(kept).toEqual(ENTITY);
    expect(service.asked).toEqual([{ operation: '/agree', octets: 44 }]);
  });

  it('is told as unavailable while the service is down, and nothing is made or called undecryptable', async () => {
    const gone = await startKeyService(
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    );
    await gone.stop();
    const key = remoteKey(gone.url, certificate);
    await expect(signEntity(entityOf(ENTITY), key, { signingTime: new Date() })).rejects.toThrow(
      KeyUnavailableError,
    );
    const encrypted = await encryptEntity(entityOf(ENTITY), [
      { certificate, keyEncryption: 'rsaes-oaep-sha256' },
    ]);
    await expect(openBytes(await asMessage(encrypted), { unwrappers: [key] })).rejects.toThrow(
      KeyUnavailableError,
    );
  });
});
