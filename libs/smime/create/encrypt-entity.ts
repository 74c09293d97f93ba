// SPDX-License-Identifier: Apache-2.0
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import type { Certificate } from '../certificates/certificate.ts';
import {
  context,
  contextPrimitive,
  der,
  derHeader,
  NULL,
  octetString,
  oid,
  sequence,
  setOf,
  smallInteger,
  TAG,
} from '../asn1/der.ts';
import { checkedSize, enclose, type MimeEntity } from '../mime/entity.ts';
import { cryptographicFailure, UnsuitableCertificateError } from '../errors.ts';
import { OID } from '../asn1/oids.ts';
import { pkcs7Mime } from './sign-entity.ts';
import { issuerAndSerialNumber } from './signed-data.ts';

export type ContentEncryption = 'aes-256-cbc' | 'aes-128-cbc';
export type KeyEncryption = 'rsaes-pkcs1-v1_5' | 'rsaes-oaep-sha256';

/** Somebody who will be able to read: a certificate, and how the content key is wrapped for it. */
export interface EncryptionRecipient {
  readonly certificate: Certificate;
  readonly keyEncryption: KeyEncryption;
}

export interface Encryption {
  /** @default 'aes-256-cbc' */
  contentEncryption?: ContentEncryption | undefined;
  /**
   * How the content key is wrapped for a bare certificate. PKCS#1 v1.5 is what a stranger's mail program can open:
   * S/MIME 3.2 demands it of every reader and only recommends OAEP (RFC 5751 §2.3). Its weakness is that of programs
   * which decrypt and answer at once, not of mail at rest. OAEP is for recipients known to read it.
   *
   * @default 'rsaes-pkcs1-v1_5'
   */
  keyEncryption?: KeyEncryption | undefined;
}

const CIPHERS = {
  'aes-256-cbc': { oid: OID.aes256Cbc, keyLength: 32 },
  'aes-128-cbc': { oid: OID.aes128Cbc, keyLength: 16 },
} as const;
const BLOCK = 16;

const SHA256 = sequence(oid(OID.sha256), NULL);
const KEY_ENCRYPTIONS = {
  'rsaes-pkcs1-v1_5': {
    identifier: sequence(oid(OID.rsaEncryption), NULL),
    options: { padding: constants.RSA_PKCS1_PADDING },
  },
  'rsaes-oaep-sha256': {
    identifier: sequence(
      oid(OID.rsaesOaep),
      sequence(der(context(0), SHA256), der(context(1), sequence(oid(OID.mgf1), SHA256))),
    ),
    options: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
  },
} as const;

/**
 * Encrypts an entity for everyone in `recipients` (EnvelopedData, RFC 5652 §6; RFC 8551 §3.3). Reads nothing now;
 * each opening of the result reads the entity once and gives the same bytes, as content key and IV are drawn here
 * and live as long as the result.
 *
 * CBC hides the content but does not notice changes to it: sign before encrypting.
 *
 * @param recipients at least one, with RSA keys. Whether to trust them was decided before (`judgeCertificate`).
 * @throws UnsuitableCertificateError where a key is not RSA; CryptographicOperationError where wrapping failed.
 */
export function encryptEntity(
  entity: MimeEntity,
  recipients: readonly (Certificate | EncryptionRecipient)[],
  options: Encryption = {},
): Promise<MimeEntity> {
  return new Promise((resolve) => {
    resolve(envelop(entity, recipients, options));
  });
}

function envelop(
  entity: MimeEntity,
  recipients: readonly (Certificate | EncryptionRecipient)[],
  { contentEncryption = 'aes-256-cbc', keyEncryption = 'rsaes-pkcs1-v1_5' }: Encryption,
): MimeEntity {
  if (recipients.length === 0) throw new TypeError('a message is encrypted for at least one certificate');
  const cipher = CIPHERS[contentEncryption];
  const key = randomBytes(cipher.keyLength);
  const iv = randomBytes(BLOCK);
  const infos = recipients.map((each) =>
    wrapKey(key, 'certificate' in each ? each : { certificate: each, keyEncryption }),
  );
  const ciphertext: MimeEntity = {
    size: (Math.floor(entity.size / BLOCK) + 1) * BLOCK,
    open: async function* () {
      const encryption = createCipheriv(contentEncryption, key, iv);
      for await (const chunk of checkedSize(entity)) yield encryption.update(chunk);
      yield encryption.final();
    },
  };
  const algorithm = sequence(oid(cipher.oid), octetString(iv));
  const before = prefix(infos, algorithm, ciphertext.size);
  return pkcs7Mime('enveloped-data', enclose(before, ciphertext, Buffer.alloc(0)));
}

/** KeyTransRecipientInfo (RFC 5652 §6.2.1), version 0 as it names the certificate by issuer and serial number. */
function wrapKey(key: Buffer, { certificate, keyEncryption }: EncryptionRecipient): Buffer {
  if (certificate.key.type !== 'rsa') {
    throw new UnsuitableCertificateError('only RSA keys can be encrypted for here');
  }
  const { identifier, options } = KEY_ENCRYPTIONS[keyEncryption];
  try {
    const wrapped = publicEncrypt({ key: certificate.x509.publicKey, ...options }, key);
    return sequence(smallInteger(0), issuerAndSerialNumber(certificate), identifier, octetString(wrapped));
  } catch (error) {
    throw cryptographicFailure('wrapping the content key', error);
  }
}

/** Everything before the ciphertext: as CBC's padding is known, so are all lengths, and the rest streams. */
function prefix(recipientInfos: readonly Buffer[], algorithm: Buffer, ciphertext: number): Buffer {
  const contentHead = Buffer.concat([oid(OID.data), algorithm, derHeader(contextPrimitive(0), ciphertext)]);
  const contentLength = contentHead.length + ciphertext;
  const dataHead = Buffer.concat([
    smallInteger(0),
    setOf(...recipientInfos),
    derHeader(TAG.sequence, contentLength),
    contentHead,
  ]);
  const dataLength = dataHead.length + ciphertext;
  const explicit = Buffer.concat([derHeader(TAG.sequence, dataLength), dataHead]);
  const type = oid(OID.envelopedData);
  const outer = Buffer.concat([type, derHeader(context(0), explicit.length + ciphertext), explicit]);
  return Buffer.concat([derHeader(TAG.sequence, outer.length + ciphertext), outer]);
}
