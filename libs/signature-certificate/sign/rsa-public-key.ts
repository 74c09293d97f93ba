// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject } from 'node:crypto';

/**
 * The key of a certificate as `jose` takes it: one of the type id-RSASSA-PSS (RFC 4055 §1.2) becomes a plain RSA key,
 * which Web Cryptography knows alone. By hand, as OpenSSL exports it no other way: the key is what the BIT STRING of
 * SubjectPublicKeyInfo holds.
 */
export function verificationKey(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa-pss') return key;
  const info = key.export({ type: 'spki', format: 'der' });
  const algorithm = valueAt(info, valueAt(info, 0).start);
  const bits = valueAt(info, algorithm.end);
  return createPublicKey({ key: info.subarray(bits.start + 1, bits.end), format: 'der', type: 'pkcs1' });
}

/** Where the content of the DER value is that begins there. */
function valueAt(der: Buffer, at: number): { start: number; end: number } {
  const first = der[at + 1] ?? 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + octets;
  const length = octets === 0 ? first : der.readUIntBE(at + 2, octets);
  return { start, end: start + length };
}
