// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { ContentId } from '@securemail/contracts';

/** Octets of plaintext in every chunk but the last. */
export const CHUNK_SIZE = 256 * 1024;
const TAG = 16;

/** Seals and opens the chunks of one content. */
export interface ChunkCipher {
  seal(chunk: Uint8Array, index: number, last: boolean): Buffer;
  /** @returns null where the chunk does not authenticate as that one of that content. */
  open(sealed: Uint8Array, index: number, last: boolean): Buffer | null;
}

/**
 * The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) as age uses it, with AES-256-GCM: a key for each
 * content by HKDF-SHA256 (RFC 5869) from the email's data key, and as nonce an 11-octet counter and an octet that is
 * 1 for the last chunk. A chunk that is changed, left out, moved, taken from another content, or followed by nothing
 * where it was not the last, does not authenticate.
 */
export function chunkCipher(dataKey: KeyObject, contentId: ContentId): ChunkCipher {
  // Of every form of key node:crypto is quickest with a KeyObject.
  const derived = hkdfSync('sha256', dataKey, '', `securemail content v1 ${contentId}`, 32);
  const key = createSecretKey(Buffer.from(derived));
  return {
    seal(chunk, index, last) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce(index, last));
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, index, last) {
      if (sealed.length < TAG) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(index, last), { authTagLength: TAG });
      decipher.setAuthTag(sealed.subarray(-TAG));
      const chunk = decipher.update(sealed.subarray(0, -TAG));
      try {
        decipher.final();
      } catch {
        return null;
      }
      return chunk;
    },
  };
}

function nonce(index: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(index, 5, 6);
  bytes[11] = last ? 1 : 0;
  return bytes;
}
