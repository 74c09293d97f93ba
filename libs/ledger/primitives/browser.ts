// SPDX-License-Identifier: Apache-2.0
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Primitives } from './primitives.ts';

/** Web Crypto hashes no faster than a promise is kept, which for some million leaves is slow; and not every browser has Ed25519. */
export const primitives: Primitives = {
  sha256(...parts) {
    const hash = sha256.create();
    for (const part of parts) hash.update(octetsOf(part));
    return hash.digest();
  },
  newSha256() {
    const hash = sha256.create();
    return {
      update: (octets) => void hash.update(octetsOf(octets)),
      digest: () => hash.digest(),
    };
  },
  isSigned(text, signature, publicKey) {
    try {
      // As RFC 8032 has it, and not ZIP 215, by which some signatures are right that others refuse.
      return ed25519.verify(signature, text, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};

const UTF_8 = new TextEncoder();
const octetsOf = (part: Uint8Array | string): Uint8Array =>
  typeof part === 'string' ? UTF_8.encode(part) : part;
