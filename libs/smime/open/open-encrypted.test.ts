// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createPrivateKey, publicEncrypt, randomBytes } from 'node:crypto';
import {
  context,
  contextPrimitive,
  der,
  octetString,
  oid,
  sequence,
  setOf,
  smallInteger,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { contentCipher } from '../algorithms/content-encryption.ts';
import { KEY_TRANSPORT_IDENTIFIERS } from '../algorithms/key-encryption-identifiers.ts';
import { issuerAndSerialNumber } from '../create/recipient-identifier.ts';
import {
  encryptEntity,
  entityOf,
  signEntity,
  softwareSigner,
  softwareUnwrapper,
  openMessage,
  type Unwrapper,
} from '../index.ts';
import { asMessage, inBinary, openBytes } from '../testing/opening.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const CONTENT = Buffer.from('Content-Type: text/plain\r\n\r\nPay 100\r\n');
const signingTime = new Date('2026-03-01T10:20:30Z');

let workshop: OpensslWorkshop;
let aske: Identity;
let unwrappers: Unwrapper[];
beforeAll(async () => {
  workshop = await opensslWorkshop();
  const authority = await workshop.authority('Root');
  aske = await workshop.issue(authority);
  unwrappers = [softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate })];
});
afterAll(() => workshop.close());

const signer = () => softwareSigner({ key: aske.keyPem, certificate: aske.certificate });
const encrypted = (
  contentEncryption: 'aes-256-cbc' | 'aes-256-gcm' | 'chacha20-poly1305',
  content = CONTENT,
) => encryptEntity(entityOf(content), [aske.certificate], { contentEncryption });

describe('what is wrong inside an encryption', () => {
  /** An EnvelopedData whose content key is what the test wants. */
  function envelope(
    key: Buffer,
    plain: Buffer,
    wrap = (bytes: Buffer) => publicEncrypt({ key: aske.certificate.x509.publicKey, padding: 1 }, bytes),
  ) {
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', key.length === 32 ? key : Buffer.alloc(32), iv);
    const info = sequence(
      smallInteger(0),
      issuerAndSerialNumber(aske.certificate),
      KEY_TRANSPORT_IDENTIFIERS['rsaes-pkcs1-v1_5'],
      octetString(wrap(key)),
    );
    const content = sequence(
      oid(OID.data),
      contentCipher('aes-256-cbc').identifier(iv),
      der(contextPrimitive(0), cipher.update(plain), cipher.final()),
    );
    const enveloped = sequence(smallInteger(0), setOf(info), content);
    return cmsMessage(sequence(oid(OID.envelopedData), der(context(0), enveloped)));
  }

  it('a key that does not unwrap, or has another length, shows as content that does not decrypt', async () => {
    const plain = randomBytes(1000);
    const messages = [
      envelope(randomBytes(32), plain, () => randomBytes(256).fill(0, 0, 1)),
      envelope(randomBytes(32), plain, () => Buffer.alloc(256)),
      envelope(randomBytes(32), plain, () => randomBytes(17)),
      envelope(randomBytes(24), plain),
      envelope(randomBytes(1), plain),
    ];
    for (const message of messages) {
      // By chance, once in 256 times, the padding of what a random key makes is right.
      const outcome = await openBytes(message, { unwrappers }).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) continue;
      expect(outcome).toMatchObject({ name: 'UnopenableMessageError', code: 'decryption-failed', layer: 0 });
      expect(outcome.cause).toBeUndefined();
    }
  });

  it('is told as decryption that failed, whatever it was', async () => {
    const inside = [
      'Content-Type: application/pkcs7-mime\r\n\r\nnothing',
      'Content-Type: multipart/signed\r\n\r\n',
      'Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\ncut off',
      'Content-Type: application/pkcs7-mime\r\nContent-Type: text/plain\r\n\r\n',
    ];
    for (const text of inside) {
      for (const cipher of ['aes-256-cbc', 'aes-256-gcm'] as const) {
        const message = await asMessage(await encrypted(cipher, Buffer.from(text)));
        await expect(openBytes(message, { unwrappers })).rejects.toMatchObject({
          code: 'decryption-failed',
          layer: 0,
        });
        // Not inside an encryption, it is told.
        await expect(openBytes(Buffer.from(`From: a@a.example\r\n${text}`))).rejects.not.toMatchObject({
          code: 'decryption-failed',
        });
      }
    }
  });
});

describe('EFAIL', () => {
  it('CBC that was changed on its way opens as what nobody vouches for', async () => {
    const text =
      'Content-Type: text/html\r\n\r\n<p>'.padEnd(48, ' ') + 'The secret is 12345.'.padEnd(64, ' ');
    const message = inBinary(await asMessage(await encrypted('aes-256-cbc', Buffer.from(text))));
    const from = message.length - 16 * 5;
    message[from + 3]! ^= 0x20;
    const { kept, layers } = await openBytes(message, { unwrappers });
    expect(kept.toString('latin1')).not.toBe(text);
    expect(layers[0]?.problems).toContain('unauthenticated-encryption');
  });

  it('a signature around the ciphertext, which an attacker can make himself, vouches for nothing', async () => {
    const inner = await encrypted('aes-256-cbc');
    const message = await asMessage(await signEntity(inner, signer(), { signingTime }));
    const { layers } = await openBytes(message, { unwrappers });
    expect(layers[1]?.problems).toEqual(['unauthenticated-encryption']);
  });

  it('an encrypted part among parts of somebody else stays closed', async () => {
    const part = (await asMessage(await encrypted('aes-256-cbc'))).toString('latin1');
    const gadget =
      'From: eve@e.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n' +
      `<img src="http://e.example/\r\n--b\r\n${part}\r\n--b\r\nContent-Type: text/html\r\n\r\n">\r\n--b--\r\n`;
    const { kept, layers } = await openBytes(Buffer.from(gadget, 'latin1'), { unwrappers });
    expect(layers).toEqual([]);
    expect(kept.toString('latin1')).toBe(gadget);
  });
});

describe('content that is not read, or whose error is hidden by who reads it', () => {
  it('gives no result', async () => {
    const message = await asMessage(await encrypted('aes-256-gcm', Buffer.alloc(200_000, 'text ')));
    const source = () => entityOf(message).open();
    const unread = openMessage(source(), { unwrappers, keep: () => Promise.resolve('kept') });
    await expect(unread).rejects.toMatchObject({ code: 'content-not-read' });
    const partly = openMessage(source(), {
      unwrappers,
      keep: async (content) => {
        for await (const chunk of content) return chunk;
        return null;
      },
    });
    await expect(partly).rejects.toMatchObject({ code: 'content-not-read' });
    const broken = inBinary(message);
    broken[broken.length - 1]! ^= 1;
    const hidden = openMessage(entityOf(broken).open(), {
      unwrappers,
      keep: async (content) => {
        try {
          for await (const chunk of content) expect(chunk.length).toBeGreaterThan(0);
        } catch {
          return 'all is well';
        }
        return 'all is well';
      },
    });
    await expect(hidden).rejects.toMatchObject({ code: 'decryption-failed' });
  });

  it('nothing of a key or a content is in an error', async () => {
    const message = inBinary(await asMessage(await encrypted('aes-256-gcm')));
    message[message.length - 20]! ^= 1;
    const error = await openBytes(message, { unwrappers }).catch((thrown: unknown) => thrown);
    const key = createPrivateKey(aske.keyPem).export({ format: 'jwk' });
    expect(JSON.stringify(error) + String(error)).not.toContain(String(key.d).slice(0, 20));
    expect(String(error)).not.toContain('Pay 100');
  });
});
