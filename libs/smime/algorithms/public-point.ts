// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { children, DerError, readDer } from '../asn1/der.ts';

let writesPoints = true;

/** The point of a public key as its SubjectPublicKeyInfo has it: uncompressed, or the 32 octets of X25519. */
export function pointOf(publicKey: KeyObject): Buffer {
  // Node 24 writes the point alone, in half the time; Node 22 refuses.
  if (writesPoints) {
    try {
      return publicKey.export({ format: 'raw-public' });
    } catch {
      writesPoints = false;
    }
  }
  return pointInSpki(publicKey);
}

/** The same out of its SubjectPublicKeyInfo. */
export function pointInSpki(publicKey: KeyObject): Buffer {
  const [, bits] = children(readDer(publicKey.export({ type: 'spki', format: 'der' })));
  if (bits === undefined) throw new DerError('no public key');
  // The first octet of a BIT STRING counts its unused bits.
  return Buffer.from(bits.content.subarray(1));
}

/** Octets of what two keys agree on: of a coordinate. */
export function sharedSecretLength(publicKey: KeyObject): number {
  const point = pointOf(publicKey);
  return publicKey.asymmetricKeyType === 'ec' ? (point.length - 1) / 2 : point.length;
}
