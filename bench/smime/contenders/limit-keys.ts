// SPDX-License-Identifier: Apache-2.0
import * as crypto from 'node:crypto';

/** Octets of what a key agreement's derivation hashes after the secret: a counter and ECC-CMS-SharedInfo. */
const INFO = Buffer.alloc(4 + 21);
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);

/** The content key for one recipient: OAEP, or an ephemeral key, ECDH, the derivation of X9.63 and AES key wrap. */
export function wrap(publicKey: crypto.KeyObject, contentKey: Buffer): void {
  if (publicKey.asymmetricKeyType === 'rsa') {
    crypto.publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, contentKey);
    return;
  }
  const ephemeral = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const secret = crypto.diffieHellman({ privateKey: ephemeral.privateKey, publicKey });
  ephemeral.publicKey.export({ format: 'raw-public' });
  wrapWith(secret, contentKey);
}

/** @returns the same for a recipient, the other way round. */
export function unwrapping(key: crypto.KeyObject, publicKey: crypto.KeyObject, contentKey: Buffer) {
  if (key.asymmetricKeyType === 'rsa') {
    const encrypted = crypto.publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, contentKey);
    return () => crypto.privateDecrypt({ key, oaepHash: 'sha256' }, encrypted);
  }
  const ephemeral = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = ephemeral.publicKey.export({ type: 'spki', format: 'pem' });
  const wrapped = wrapWith(
    crypto.diffieHellman({ privateKey: key, publicKey: ephemeral.publicKey }),
    contentKey,
  );
  return () => {
    const originator = crypto.createPublicKey(spki);
    const kek = derive(crypto.diffieHellman({ privateKey: key, publicKey: originator }));
    return crypto
      .createDecipheriv('id-aes256-wrap', crypto.createSecretKey(kek), INITIAL_VALUE)
      .update(wrapped);
  };
}

const wrapWith = (secret: Buffer, contentKey: Buffer) =>
  crypto
    .createCipheriv('id-aes256-wrap', crypto.createSecretKey(derive(secret)), INITIAL_VALUE)
    .update(contentKey);

const derive = (secret: Buffer) => crypto.hash('sha256', Buffer.concat([secret, INFO]), 'buffer');
