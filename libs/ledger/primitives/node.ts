// SPDX-License-Identifier: Apache-2.0
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Primitives } from './primitives.ts';

export const primitives: Primitives = {
  sha256(...parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  newSha256() {
    const hash = createHash('sha256');
    return {
      update: (octets) => void hash.update(octets),
      digest: () => hash.digest(),
    };
  },
  isSigned(text, signature, publicKey) {
    const key = keyOf(publicKey);
    return key !== null && verify(null, text, key, signature);
  },
};

const KEY_OCTETS = 32;

/** Of one verifier the same octets are asked for again and again. */
const read = new WeakMap<Uint8Array, KeyObject>();

function keyOf(octets: Uint8Array): KeyObject | null {
  const known = read.get(octets);
  if (known !== undefined) return known;
  if (octets.length !== KEY_OCTETS) return null;
  const x = Buffer.from(octets).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  read.set(octets, key);
  return key;
}
