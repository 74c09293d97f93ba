// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { MAX_HELD } from '../asn1/ber-reader.ts';
import { contentCipher } from '../algorithms/content-encryption.ts';
import { KEY_TRANSPORT_IDENTIFIERS } from '../algorithms/key-encryption-identifiers.ts';
import {
  context,
  contextPrimitive,
  der,
  octetString,
  oid,
  readDer,
  sequence,
  setOf,
  smallInteger,
  TAG,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { issuerAndSerialNumber } from '../create/recipient-identifier.ts';
import { KeyMismatchError, softwareUnwrapper, UnreadableKeyError, type Unwrapper } from '../index.ts';
import { openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';
import { attribute, cmsMessage } from '../testing/sign-by-hand.ts';

const PLAIN = Buffer.from('Content-Type: text/plain\r\n\r\nHello\r\n');

let workshop: OpensslWorkshop;
let aske: Identity;
let bob: Identity;
let unwrapper: Unwrapper;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  const authority = await workshop.authority('Root');
  aske = await workshop.issue(authority);
  bob = await workshop.issue(authority);
  unwrapper = softwareUnwrapper({ key: aske.keyPem, certificate: aske.certificate });
});
afterAll(() => workshop.close());

const OAEP_SHA256 = { oaepHash: 'sha256', padding: 4 };
const recipient = (
  encryptedKey: Buffer,
  algorithm = KEY_TRANSPORT_IDENTIFIERS['rsaes-pkcs1-v1_5'],
  to = aske,
) => sequence(smallInteger(0), issuerAndSerialNumber(to.certificate), algorithm, octetString(encryptedKey));
const wrapped = (key: Buffer, options: object = { padding: 1 }) =>
  publicEncrypt({ key: aske.certificate.x509.publicKey, ...options }, key);

function encrypted(key: Buffer, iv: Buffer) {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return { ciphertext: Buffer.concat([cipher.update(PLAIN), cipher.final()]), tag: Buffer.alloc(0) };
}

function sealed(key: Buffer, nonce: Buffer, aad: Buffer | null, plain: Buffer) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  if (aad !== null) cipher.setAAD(aad);
  return { ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]), tag: cipher.getAuthTag() };
}

/** A message in AES-256-CBC or AES-256-GCM with whatever RecipientInfos. */
function message(
  key: Buffer,
  infos: Buffer[],
  authenticated = false,
  authAttrs: Buffer[] = [],
  plain = PLAIN,
): Buffer {
  const cipher = contentCipher(authenticated ? 'aes-256-gcm' : 'aes-256-cbc');
  const nonce = randomBytes(cipher.nonceLength);
  const aad = authAttrs.length > 0 ? der(TAG.set, ...authAttrs) : null;
  const { ciphertext, tag } = authenticated ? sealed(key, nonce, aad, plain) : encrypted(key, nonce);
  const content = sequence(oid(OID.data), cipher.identifier(nonce), der(contextPrimitive(0), ciphertext));
  const mac = authenticated ? [octetString(tag)] : [];
  const attributes = authAttrs.length > 0 ? [der(context(1), ...authAttrs)] : [];
  const data = sequence(smallInteger(0), setOf(...infos), content, ...attributes, ...mac);
  const type = authenticated ? OID.authEnvelopedData : OID.envelopedData;
  return cmsMessage(sequence(oid(type), der(context(0), data)));
}

describe('a software unwrapper', () => {
  it('is refused where key and certificate are no pair, or the key is none', () => {
    const { certificate } = aske;
    expect(() => softwareUnwrapper({ key: bob.keyPem, certificate })).toThrow(KeyMismatchError);
    expect(() => softwareUnwrapper({ key: 'no key', certificate })).toThrow(UnreadableKeyError);
  });

  it('shows no key when it is printed', () => {
    expect(inspect(unwrapper, { depth: 5, showHidden: true })).not.toContain('PRIVATE');
    expect(JSON.stringify(unwrapper)).not.toContain(aske.keyPem.slice(40, 80));
  });
});

describe('the content key', () => {
  it('comes from the way that detects changes, where there are several, and from another where one fails', async () => {
    const key = randomBytes(32);
    const oaep = recipient(wrapped(key, OAEP_SHA256), KEY_TRANSPORT_IDENTIFIERS['rsaes-oaep-sha256']);
    const broken = recipient(randomBytes(256).fill(0, 0, 1), KEY_TRANSPORT_IDENTIFIERS['rsaes-oaep-sha256']);
    for (const infos of [
      [recipient(wrapped(randomBytes(32))), oaep],
      [broken, recipient(wrapped(key))],
    ]) {
      const { kept } = await openBytes(message(key, infos), { unwrappers: [unwrapper] });
      expect(kept).toEqual(PLAIN);
    }
  });

  it('is unwrapped once by PKCS#1 v1.5, however often it is offered', async () => {
    let calls = 0;
    const counting: Unwrapper = {
      ...unwrapper,
      decrypt: (...parameters) => {
        calls += 1;
        return unwrapper.decrypt(...parameters);
      },
    };
    const key = randomBytes(32);
    const infos = Array.from({ length: 50 }, () => recipient(wrapped(randomBytes(16))));
    await openBytes(message(key, infos), { unwrappers: [counting] }).catch(() => undefined);
    expect(calls).toBe(1);
  });

  it('is found among a thousand recipients, by one of a thousand unwrappers', async () => {
    const key = randomBytes(32);
    const others = Array.from({ length: 1000 }, () => recipient(randomBytes(256), undefined, bob));
    const unwrappers = [
      ...Array.from({ length: 1000 }, () => ({ ...unwrapper, certificate: bob.certificate })),
    ];
    const bytes = message(key, [...others, recipient(wrapped(key))]);
    const alone = await openBytes(bytes, { unwrappers: [unwrapper] });
    expect(alone.layers).toMatchObject([{ recipients: 1001 }]);
    await openBytes(message(key, [recipient(wrapped(key))]), { unwrappers: [...unwrappers, unwrapper] });
  });

  it('is told to be wrapped in a way not read here, as everybody can see that it is', async () => {
    const sha256 = sequence(oid(OID.sha256));
    const mgf1WithSha1 = sequence(oid(OID.rsaesOaep), sequence(der(context(0), sha256)));
    const key = randomBytes(32);
    const bytes = message(key, [recipient(wrapped(key, OAEP_SHA256), mgf1WithSha1)]);
    await expect(openBytes(bytes, { unwrappers: [unwrapper] })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it('is a random one where the unwrapper is out of order', async () => {
    const key = randomBytes(32);
    const broken: Unwrapper = { ...unwrapper, decrypt: () => Promise.reject(new Error('PIN 1234 is wrong')) };
    const bytes = message(key, [recipient(wrapped(key))], true);
    const error: unknown = await openBytes(bytes, { unwrappers: [broken] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'decryption-failed' });
    expect(inspect(error)).not.toContain('1234');
  });
});

describe('authenticated encryption', () => {
  const attributes = [attribute(OID.contentType, oid(OID.data))];
  const long = Buffer.alloc(MAX_HELD + 1, PLAIN);

  it.each([
    ['a content', PLAIN],
    ['as much content as is held', long.subarray(1)],
  ])('with attributes behind %s is read', async (_name, content) => {
    const key = randomBytes(32);
    const bytes = message(key, [recipient(wrapped(key))], true, attributes, content);
    for (const cuts of [[64 * 1024], [1000, 1]]) {
      const { kept } = await openBytes(bytes, { unwrappers: [unwrapper] }, ...cuts);
      expect(kept.equals(content)).toBe(true);
    }
  });

  it('with other attributes than it was made with is refused', async () => {
    const key = randomBytes(32);
    const bytes = message(key, [recipient(wrapped(key))], true, attributes);
    bytes.writeUInt8(2, bytes.indexOf(der(context(1), ...attributes)) + attributes[0]!.length + 1);
    await expect(openBytes(bytes, { unwrappers: [unwrapper] })).rejects.toMatchObject({
      code: 'decryption-failed',
    });
  });

  it('with attributes behind more content than is held is refused; without them it is read', async () => {
    const key = randomBytes(32);
    const bytes = message(key, [recipient(wrapped(key))], true, attributes, long);
    await expect(openBytes(bytes, { unwrappers: [unwrapper] })).rejects.toThrow(/authAttrs/);
    const without = message(key, [recipient(wrapped(key))], true, [], long);
    expect((await openBytes(without, { unwrappers: [unwrapper] })).kept.equals(long)).toBe(true);
  });

  it('does not open as the other kind: GCM in EnvelopedData, CBC in AuthEnvelopedData', async () => {
    const key = randomBytes(32);
    for (const authenticated of [true, false]) {
      const bytes = message(key, [recipient(wrapped(key))], authenticated);
      const [own, other] = authenticated
        ? [OID.authEnvelopedData, OID.envelopedData]
        : [OID.envelopedData, OID.authEnvelopedData];
      const at = bytes.indexOf(oid(own));
      const rest = bytes.subarray(at + oid(own).length);
      const data = readDer(rest).content;
      const swapped = cmsMessage(sequence(oid(other), der(context(0), data)));
      await expect(openBytes(swapped, { unwrappers: [unwrapper] })).rejects.toMatchObject({
        code: 'unsupported',
      });
    }
  });
});
