// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createPrivateKey, publicEncrypt, randomBytes } from 'node:crypto';
import fc from 'fast-check';
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
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  tripleWrap,
  UnopenableMessageError,
  type Unwrapper,
} from '../index.ts';
import { asMessage, openBytes, signaturesIn } from '../testing/opening.ts';
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
const signed = (form: 'detached' | 'opaque', content = CONTENT) =>
  signEntity(entityOf(content), signer(), { signingTime, form });
const encrypted = (
  contentEncryption: 'aes-256-cbc' | 'aes-256-gcm' | 'chacha20-poly1305',
  content = CONTENT,
) => encryptEntity(entityOf(content), [aske.certificate], { contentEncryption });

/** A CMS object in binary, so that each of its octets can be changed. */
const cmsMessage = (cms: Buffer) =>
  Buffer.concat([Buffer.from('From: a@a.example\r\nContent-Type: application/pkcs7-mime\r\n\r\n'), cms]);
async function binary(message: Buffer): Promise<Buffer> {
  const text = message.toString('latin1');
  return Promise.resolve(cmsMessage(Buffer.from(text.slice(text.indexOf('\r\n\r\n')), 'base64')));
}
const HEADER_LENGTH = cmsMessage(Buffer.alloc(0)).length;

/** What a reader would take for genuine: the content, where all signatures are verified or a tag was right. */
async function genuine(message: Buffer): Promise<Buffer | null> {
  try {
    const { kept, layers } = await openBytes(message, { unwrappers }, 999);
    const signatures = signaturesIn(layers);
    const authentic =
      signatures.length > 0
        ? signatures.every(({ verified }) => verified)
        : layers.some((layer) => layer.kind === 'encrypted' && layer.authenticated);
    return authentic ? kept : null;
  } catch (error) {
    if (error instanceof UnopenableMessageError || (error as Error).name === 'MalformedMessageError')
      return null;
    throw error;
  }
}

const MESSAGES: [string, () => Promise<Buffer>][] = [
  ['a detached signature', async () => asMessage(await signed('detached'))],
  ['an opaque signature', async () => binary(await asMessage(await signed('opaque')))],
  ['AES-256-GCM', async () => binary(await asMessage(await encrypted('aes-256-gcm')))],
  ['ChaCha20-Poly1305', async () => binary(await asMessage(await encrypted('chacha20-poly1305')))],
  [
    'a signature in AES-256-CBC',
    async () => {
      const options = { signer: signer(), signingTime, recipients: [aske.certificate] };
      return binary(await asMessage(await signThenEncrypt(entityOf(CONTENT), options)));
    },
  ],
];

describe.each(MESSAGES)('%s', (_name, make) => {
  it('cut off after any octet is never taken for genuine with another content', async () => {
    const message = await make();
    for (let length = 0; length < message.length; length += 1) {
      const content = await genuine(message.subarray(0, length));
      if (content !== null) expect(content).toEqual(CONTENT);
    }
    expect(await genuine(message)).toEqual(CONTENT);
  });

  it('with any one bit flipped is never taken for genuine with another content', async () => {
    const message = await make();
    for (let at = 0; at < message.length; at += 1) {
      const changed = Buffer.from(message);
      changed[at]! ^= 1 << ((at * 5) % 8);
      const content = await genuine(changed);
      if (content !== null) expect(content).toEqual(CONTENT);
    }
  });
});

it('a longer triple wrapped message with a few bits flipped is never taken for genuine with another content', async () => {
  const content = Buffer.from(`Content-Type: text/plain\r\n\r\n${'A longer text.\r\n'.repeat(2000)}`);
  const options = { signer: signer(), signingTime, recipients: [aske.certificate] };
  const message = await asMessage(await tripleWrap(entityOf(content), options));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 40, max: message.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
      async (at, bit) => {
        const changed = Buffer.from(message);
        changed[at]! ^= 1 << bit;
        const result = await genuine(changed);
        if (result !== null) expect(result.equals(content)).toBe(true);
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

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
    const message = await binary(await asMessage(await encrypted('aes-256-cbc', Buffer.from(text))));
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
    const { openMessage } = await import('../index.ts');
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
    const broken = await binary(message);
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
    const message = await binary(await asMessage(await encrypted('aes-256-gcm')));
    message[HEADER_LENGTH + 500]! ^= 1;
    const error = await openBytes(message, { unwrappers }).catch((thrown: unknown) => thrown);
    const key = createPrivateKey(aske.keyPem).export({ format: 'jwk' });
    expect(JSON.stringify(error) + String(error)).not.toContain(String(key.d).slice(0, 20));
    expect(String(error)).not.toContain('Pay 100');
  });
});
