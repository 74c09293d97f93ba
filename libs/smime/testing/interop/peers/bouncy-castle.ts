// SPDX-License-Identifier: Apache-2.0
import { OID } from '../../../asn1/oids.ts';
import { startBouncyCastle, type Way } from '../bouncy-castle.ts';
import { BOUNCY_CASTLE } from '../locked-jars.ts';
import { PeerRefused, type Peer } from '../peer.ts';
import type { EncryptedLayer, SignedLayer } from '../rows.ts';

const SIGNS: Readonly<Record<SignedLayer['algorithm'], string>> = {
  'rsassa-pkcs1-v1_5-sha256': 'SHA256withRSA',
  'rsassa-pkcs1-v1_5-sha384': 'SHA384withRSA',
  'rsassa-pkcs1-v1_5-sha512': 'SHA512withRSA',
  'rsassa-pss-sha256': 'SHA256withRSAandMGF1',
  'rsassa-pss-sha384': 'SHA384withRSAandMGF1',
  'rsassa-pss-sha512': 'SHA512withRSAandMGF1',
  'ecdsa-sha256': 'SHA256withECDSA',
  'ecdsa-sha384': 'SHA384withECDSA',
  'ecdsa-sha512': 'SHA512withECDSA',
  ed25519: 'Ed25519',
};
const WAYS: Readonly<Record<EncryptedLayer['recipients'][number]['keyEncryption'], Way>> = {
  'rsaes-pkcs1-v1_5': 'pkcs1',
  'rsaes-oaep-sha256': 'oaep-sha256',
  'ecdh-sha256': 'ecdh',
  'ecdh-sha384': 'ecdh-sha384',
  'ecdh-sha512': 'ecdh-sha512',
  'x25519-hkdf-sha256': 'x25519',
  'ml-kem-512': 'kem',
  'ml-kem-768': 'kem',
  'ml-kem-1024': 'kem',
};
const CIPHERS: Readonly<Record<EncryptedLayer['contentEncryption'], string>> = {
  'aes-128-cbc': OID.aes128Cbc,
  'aes-256-cbc': OID.aes256Cbc,
  'aes-128-gcm': OID.aes128Gcm,
  'aes-256-gcm': OID.aes256Gcm,
  'chacha20-poly1305': OID.chacha20Poly1305,
};

/** BouncyCastle in one Java process; it is fetched, so it is there on every machine. */
export async function bouncyCastlePeer(): Promise<Peer> {
  const program = await startBouncyCastle();
  const saying = (answer: Promise<Buffer>) =>
    answer.catch((error: unknown) => {
      throw new PeerRefused(error instanceof Error ? reasonIn(error.message) : 'nothing');
    });
  return {
    name: 'BouncyCastle',
    version: BOUNCY_CASTLE.version,
    verify: (cms, content) => saying(program.verify(cms, content ?? undefined)),
    decrypt: (cms, { certificate, key }) => saying(program.decrypt(cms, certificate, key)),
    sign: (content, { certificate, key }, { algorithm, form }) =>
      saying(program.sign(content, certificate, key, SIGNS[algorithm], form)),
    encrypt: (content, recipients, contentEncryption) =>
      saying(
        program.encrypt(
          content,
          recipients.map(({ person: { certificate }, keyEncryption }) => ({
            certificate,
            way: WAYS[keyEncryption],
          })),
          CIPHERS[contentEncryption],
        ),
      ),
    close: () => program.close(),
  };
}

/** Without the names of Java's classes, but for the last exception's. */
const reasonIn = (message: string): string => message.replace(/^BouncyCastle: no .* because of [\w.]*\./, '');
