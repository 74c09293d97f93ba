// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { octetsIn, hex } from '../octets.ts';
import { primitives as node } from './node.ts';
import type { Primitives } from './primitives.ts';

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const UTF_8 = new TextEncoder();

/** FIPS 180-4, and NIST's examples. */
const HASHES: [text: string, sha256: string][] = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
];

/** RFC 8032 §7.1, tests 1 to 3. */
const SIGNATURES: [publicKey: string, text: string, signature: string][] = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
];
/** The order of the group: `S + L` would make another signature of the same text (RFC 8032 §8.4). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** What every adapter of the port does. */
export function primitivesContract(primitives: Primitives): void {
  it.each(HASHES)('hashes as NIST says: %.20s', (text, sha256) => {
    expect(hex(primitives.sha256(text))).toBe(sha256);
    expect(hex(primitives.sha256(UTF_8.encode(text)))).toBe(sha256);
  });

  it('hashes whatever comes as Node does, in whichever pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' })), {
          maxLength: 8,
        }),
        (parts) => {
          const wanted = hex(node.sha256(...parts));
          expect(hex(primitives.sha256(...parts))).toBe(wanted);
          const digest = primitives.newSha256();
          for (const part of parts) digest.update(part);
          expect(hex(digest.digest())).toBe(wanted);
        },
      ),
    );
  });

  it.each(SIGNATURES)('knows the signatures of RFC 8032: by %.8s…', (publicKey, text, signature) => {
    const [key, signed, by] = [unhex(publicKey), unhex(text), unhex(signature)];
    expect(primitives.isSigned(signed, by, key)).toBe(true);
    expect(primitives.isSigned(unhex(`${text}00`), by, key)).toBe(false);
    for (let octet = 0; octet < by.length; octet += 1)
      expect(primitives.isSigned(signed, by.with(octet, (by[octet] ?? 0) ^ 1), key)).toBe(false);
    expect(primitives.isSigned(signed, by, key.with(3, (key[3] ?? 0) ^ 1))).toBe(false);
    const s = BigInt(`0x${hex(by.slice(32).toReversed())}`) + L;
    const other = unhex(s.toString(16).padStart(64, '0')).toReversed();
    expect(primitives.isSigned(signed, Uint8Array.from([...by.slice(0, 32), ...other]), key)).toBe(false);
  });

  it.each([
    ['no signature', new Uint8Array(), 32],
    ['a short signature', randomBytes(63), 32],
    ['a long signature', randomBytes(65), 32],
    ['no key', randomBytes(64), 0],
    ['a short key', randomBytes(64), 31],
    ['a key of nothing but ones, which is on no curve', randomBytes(64), 32],
  ])('%s is nothing that signs', (_, signature, octets) => {
    expect(primitives.isSigned(UTF_8.encode('text'), signature, new Uint8Array(octets).fill(255))).toBe(
      false,
    );
  });

  it('knows what OpenSSL signs', () => {
    for (let times = 0; times < 20; times += 1) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const { x } = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({
        format: 'jwk',
      });
      const key = Uint8Array.from(Buffer.from(String(x), 'base64url'));
      const text = randomBytes(times * 37);
      expect(primitives.isSigned(text, sign(null, text, privateKey), key)).toBe(true);
    }
  });

  it('reads base64 in the one way in which it can be written', () => {
    expect(octetsIn('AAECAw==')).toEqual(Uint8Array.of(0, 1, 2, 3));
    for (const other of ['AAECAx==', 'AAECAw=', 'AAECAw', ' AAECAw==', 'AAEC\nAw==', 'AA-_', '%'])
      expect(octetsIn(other)).toBeNull();
  });
}
