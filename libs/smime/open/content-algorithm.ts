// SPDX-License-Identifier: Apache-2.0
import { createDecipheriv, createSecretKey, type DecipherGCM } from 'node:crypto';
import { DerError, TAG, type DerValue } from '../asn1/der.ts';
import { fieldsOf, readSmallInteger, type AlgorithmIdentifier } from '../asn1/fields.ts';
import { OID } from '../asn1/oids.ts';

/** What content is decrypted with; of these `des-ede3-cbc` only where it was asked for. */
export type ContentDecryption =
  `aes-${128 | 192 | 256}-${'cbc' | 'gcm'}` | 'chacha20-poly1305' | 'des-ede3-cbc';

export interface Decryption {
  update(chunk: Buffer): Buffer;
  /** @param mac the authentication tag, where the cipher has one. @throws where tag or padding is wrong. */
  final(mac: Buffer | null): Buffer;
}

export interface ContentAlgorithm {
  readonly name: ContentDecryption;
  /** Octets. */
  readonly keyLength: number;
  /** Whether its tag reveals every change. */
  readonly authenticated: boolean;
  /** @param associated what the tag is over before the content (AAD); only with a cipher that has one. */
  start(key: Buffer, associated?: Buffer): Decryption;
}

const CBC: Readonly<Partial<Record<string, [ContentDecryption, number]>>> = {
  [OID.aes128Cbc]: ['aes-128-cbc', 16],
  [OID.aes192Cbc]: ['aes-192-cbc', 24],
  [OID.aes256Cbc]: ['aes-256-cbc', 32],
  [OID.desEde3Cbc]: ['des-ede3-cbc', 24],
};
const GCM: Readonly<Partial<Record<string, ['aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm', number]>>> = {
  [OID.aes128Gcm]: ['aes-128-gcm', 16],
  [OID.aes192Gcm]: ['aes-192-gcm', 24],
  [OID.aes256Gcm]: ['aes-256-gcm', 32],
};
const NONCE_LENGTH = 12;
/** RFC 5084 §3.2: where it is not said. */
const DEFAULT_TAG_LENGTH = 12;
const MAX_TAG_LENGTH = 16;

/** @returns null for an algorithm that is not read here. @throws DerError for parameters that are none. */
export function contentAlgorithm({ id, parameters }: AlgorithmIdentifier): ContentAlgorithm | null {
  const cbc = CBC[id];
  if (cbc !== undefined) return cbcAlgorithm(...cbc, parameters);
  const gcm = GCM[id];
  if (gcm !== undefined) return gcmAlgorithm(...gcm, parameters);
  return id === OID.chacha20Poly1305 ? chacha(parameters) : null;
}

function octetsOf(value: DerValue | null, length: number): Buffer {
  if (value?.tag !== TAG.octetString || value.content.length !== length) {
    throw new DerError('an initialization vector or nonce is of another length than it should be');
  }
  return value.content;
}

function cbcAlgorithm(
  name: ContentDecryption,
  keyLength: number,
  parameters: DerValue | null,
): ContentAlgorithm {
  const iv = octetsOf(parameters, name === 'des-ede3-cbc' ? 8 : 16);
  return {
    name,
    keyLength,
    authenticated: false,
    start: (key) => {
      const decipher = createDecipheriv(name, createSecretKey(key), iv);
      return { update: (chunk) => decipher.update(chunk), final: () => decipher.final() };
    },
  };
}

/** GCMParameters (RFC 5084 §3.2); nonces of another length than 96 bits are legal there, and made by nobody. */
function gcmAlgorithm(
  name: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm',
  keyLength: number,
  parameters: DerValue | null,
): ContentAlgorithm {
  if (parameters === null) throw new DerError('GCMParameters are missing');
  const fields = fieldsOf(parameters);
  const nonce = octetsOf(fields.take(), NONCE_LENGTH);
  const said = fields.optional(TAG.integer);
  fields.end();
  const authTagLength = said === null ? DEFAULT_TAG_LENGTH : readSmallInteger(said);
  if (authTagLength < DEFAULT_TAG_LENGTH || authTagLength > MAX_TAG_LENGTH) {
    throw new DerError('an authentication tag has 12 to 16 octets');
  }
  const start: ContentAlgorithm['start'] = (key, associated) =>
    authenticated(createDecipheriv(name, createSecretKey(key), nonce, { authTagLength }), associated);
  return { name, keyLength, authenticated: true, start };
}

function chacha(parameters: DerValue | null): ContentAlgorithm {
  const name = 'chacha20-poly1305';
  const nonce = octetsOf(parameters, NONCE_LENGTH);
  const start: ContentAlgorithm['start'] = (key, associated) =>
    authenticated(
      createDecipheriv(name, createSecretKey(key), nonce, { authTagLength: MAX_TAG_LENGTH }),
      associated,
    );
  return { name, keyLength: 32, authenticated: true, start };
}

type AeadDecipher = Pick<DecipherGCM, 'update' | 'final' | 'setAuthTag'> & {
  /** Node wants to know the length of the content beforehand only for CCM, whatever its types say. */
  setAAD(bytes: Buffer, options: { plaintextLength: number }): unknown;
};

function authenticated(decipher: AeadDecipher, associated: Buffer = Buffer.alloc(0)): Decryption {
  if (associated.length > 0) decipher.setAAD(associated, { plaintextLength: 0 });
  return {
    update: (chunk) => decipher.update(chunk),
    final: (mac) => {
      if (mac === null) throw new DerError('an authentication tag is missing');
      decipher.setAuthTag(mac);
      return decipher.final();
    },
  };
}
