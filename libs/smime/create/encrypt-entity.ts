// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import {
  contentCipher,
  startEncryption,
  TAG_LENGTH,
  type ContentEncryption,
} from '../algorithms/content-encryption.ts';
import { keyEncryptionsFor, type KeyTransport } from '../algorithms/key-encryption.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { EntityChangedError } from '../errors.ts';
import { staged, type MimeEntity } from '../mime/entity.ts';
import type { Stage } from '../mime/stage.ts';
import { authEnvelopedData, envelopedData, envelopedDataVersion } from './enveloped-data.ts';
import { pkcs7Mime } from './pkcs7-mime.ts';
import type { IdentifiedBy } from './recipient-identifier.ts';
import { recipientInfo, type EncryptionRecipient } from './recipient-info.ts';

export interface Encryption {
  /**
   * CBC makes an EnvelopedData, which every S/MIME program opens; GCM and ChaCha20-Poly1305 make an
   * AuthEnvelopedData (RFC 5083), which only newer ones do: `chooseEncryption` tells for whom.
   *
   * @default 'aes-256-cbc'
   */
  contentEncryption?: ContentEncryption | undefined;
  /**
   * How the content key is wrapped for a bare certificate with an RSA key; other keys leave no choice. PKCS#1 v1.5 is
   * what a stranger's mail program can open: S/MIME 3.2 demands it of every reader and only recommends OAEP (RFC 5751
   * §2.3). Its weakness is that of programs which decrypt and answer at once, not of mail at rest. OAEP is for
   * recipients known to read it.
   *
   * @default 'rsaes-pkcs1-v1_5'
   */
  keyEncryption?: KeyTransport | undefined;
  /** How bare certificates are named. @default 'issuer-and-serial-number' */
  identifiedBy?: IdentifiedBy | undefined;
}

/**
 * Encrypts an entity for everyone in `recipients` (EnvelopedData, RFC 5652 §6, or AuthEnvelopedData, RFC 5083; RFC
 * 8551 §3.3 and §3.4). Reads nothing now; each opening of the result reads the entity once and gives the same bytes,
 * as content key and nonce are drawn here and live as long as the result.
 *
 * CBC hides the content but does not notice changes to it, and the tag of the others proves only that somebody with
 * the key wrote it, as every recipient is: sign before encrypting.
 *
 * @param recipients at least one. Whether to trust them was decided before (`judgeCertificate`).
 * @throws UnsuitableCertificateError where nobody can encrypt for a key, or not in this way; BelowPolicyFloorError;
 *   CryptographicOperationError where wrapping failed; RangeError where the entity is longer than the cipher allows.
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
  given: readonly (Certificate | EncryptionRecipient)[],
  options: Encryption,
): MimeEntity {
  if (given.length === 0) throw new TypeError('a message is encrypted for at least one certificate');
  const { contentEncryption = 'aes-256-cbc' } = options;
  const cipher = contentCipher(contentEncryption);
  if (entity.size > cipher.limit) throw new RangeError(`${contentEncryption} cannot encrypt so much at once`);
  const key = randomBytes(cipher.keyLength);
  const nonce = randomBytes(cipher.nonceLength);
  const recipients = recipientsOf(given, options);
  const content = {
    recipientInfos: recipients.map((recipient) => recipientInfo(recipient, key)),
    algorithm: cipher.identifier(nonce),
    ciphertext: cipher.ciphertextSize(entity.size),
  };
  const { before, after } = cipher.authenticated
    ? authEnvelopedData(content)
    : envelopedData(envelopedDataVersion(recipients), content);
  const size = before.length + content.ciphertext + after.length + (cipher.authenticated ? TAG_LENGTH : 0);
  const again = sameTag();
  const encrypting: Stage = (next) => {
    const encryption = startEncryption(contentEncryption, key, nonce);
    next.write(before);
    return {
      write: (chunk) => {
        next.write(encryption.update(chunk));
      },
      end: () => {
        next.write(encryption.final());
        const tag = encryption.tag();
        again.check(tag);
        next.write(Buffer.concat([after, tag]));
        next.end();
      },
    };
  };
  const cms = staged(entity, size, encrypting);
  return pkcs7Mime(cipher.authenticated ? 'authEnveloped-data' : 'enveloped-data', cms);
}

/** Bare certificates become recipients, with what their keys and the options say. */
export function recipientsOf(
  given: readonly (Certificate | EncryptionRecipient)[],
  { keyEncryption = 'rsaes-pkcs1-v1_5', identifiedBy }: Encryption,
): readonly EncryptionRecipient[] {
  return given.map((each) => {
    if ('certificate' in each) return each;
    const fitting = keyEncryptionsFor(each);
    const chosen = fitting.find((one) => one === keyEncryption) ?? fitting[0] ?? keyEncryption;
    return { certificate: each, keyEncryption: chosen, identifiedBy };
  });
}

/**
 * Two contents under one key and nonce would break GCM and Poly1305, so a source that gives other bytes the second
 * time is at least not sent to its end. CBC has no tag, and loses nothing by it.
 */
function sameTag() {
  let first: Buffer | null = null;
  return {
    /** @throws EntityChangedError */
    check: (tag: Buffer) => {
      if (first !== null && !first.equals(tag)) {
        throw new EntityChangedError('the content changed between two readings');
      }
      first = tag;
    },
  };
}
