// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import {
  signatureAlgorithmsFor,
  type Certificate,
  type KeyEncryption,
  type SignatureAlgorithm,
} from '../index.ts';
import { issueByHand } from './issue-by-hand.ts';
import type { OpensslWorkshop } from './openssl-workshop.ts';

/** A key that signs, in one of the ways it can. */
export interface AnySigner {
  readonly key: KeyObject;
  readonly certificate: Certificate;
  readonly algorithm: SignatureAlgorithm;
}

/** A key that unwraps, in one of the ways it can. */
export interface AnyReader {
  readonly key: KeyObject;
  readonly certificate: Certificate;
  readonly keyEncryption: KeyEncryption;
}

const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];
const SIGNING_KEYS = [
  ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ...['P-256', 'P-384', 'P-521'].map(curve),
  ['-algorithm', 'ED25519'],
];

/** A key of each kind, with every algorithm it signs by. */
export async function everySigner(workshop: OpensslWorkshop): Promise<AnySigner[]> {
  const authority = await workshop.authority('Root');
  const people = await Promise.all(SIGNING_KEYS.map((key) => workshop.issue(authority, { key })));
  return people.flatMap(({ certificate, keyPem }) =>
    signatureAlgorithmsFor(certificate).map((algorithm) => ({
      key: createPrivateKey(keyPem),
      certificate,
      algorithm,
    })),
  );
}

/** A key of each kind, with every way that a content key reaches it. */
export function everyReader(): AnyReader[] {
  const pairs: [KeyEncryption, { publicKey: KeyObject; privateKey: KeyObject }][] = [
    ['rsaes-pkcs1-v1_5', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['rsaes-oaep-sha256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ecdh-sha256', generateKeyPairSync('ec', { namedCurve: 'prime256v1' })],
    ['ecdh-sha384', generateKeyPairSync('ec', { namedCurve: 'secp384r1' })],
    ['ecdh-sha512', generateKeyPairSync('ec', { namedCurve: 'secp521r1' })],
    ['x25519-hkdf-sha256', generateKeyPairSync('x25519')],
    ...(['ml-kem-512', 'ml-kem-768', 'ml-kem-1024'] as const).map(
      (name) =>
        [name, generateKeyPairSync(name as 'x25519')] as [
          KeyEncryption,
          ReturnType<typeof generateKeyPairSync>,
        ],
    ),
  ];
  return pairs.map(([keyEncryption, { publicKey, privateKey }]) => ({
    key: privateKey,
    certificate: issueByHand(publicKey),
    keyEncryption,
  }));
}

/** Around what readers and writers count in: lines of base64, blocks of AES, segments and chunks. */
const SIZES = [0, 1, 15, 16, 17, 56, 57, 58, 63, 64, 1023, 1024, 4095, 4096, 16_384, 65_535, 65_536, 65_537];

const HEADER = Buffer.from('Content-Type: application/octet-stream\r\n\r\n');

/** A body of any octets; `text` has only CRLF line ends, as a multipart/signed must. */
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 600 }).map((octets) => Buffer.from(octets)),
  fc
    .tuple(fc.constantFrom(...SIZES), fc.nat(255))
    .map(([size, octet]) => Buffer.alloc(size, Buffer.of(octet, 0x0d, 0x0a))),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '--',
        '-- \r\n',
        'From ',
        '.',
        '\r\n.\r\n',
        'æøå',
        ' ',
        '=',
        'text',
        '\r\n--b--\r\n',
      ),
    )
    .map((pieces) => Buffer.from(pieces.join(''))),
);

/** Any entity, with binary in it. */
export const anyContent = anyBody.map((body) => Buffer.concat([HEADER, body]));

/** Any entity that is in canonical form (RFC 8551 §3.1.1). */
export const anyCanonicalContent = anyContent.map((content) =>
  Buffer.from(content.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1'),
);

/** Sizes of chunks, octets. */
export const anyCuts = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 6 }),
  fc.constantFrom([1], [64 * 1024]),
);

export const anyCipher = fc.constantFrom(
  ...(['aes-256-cbc', 'aes-128-cbc', 'aes-256-gcm', 'aes-128-gcm', 'chacha20-poly1305'] as const),
);
