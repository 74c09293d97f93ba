// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from './certificate.ts';

/**
 * A function of a certificate, or of its key, that works once for each, as long as somebody holds it: to tell the curve
 * of a key or to write it down takes OpenSSL longer than to sign with it. What it throws is thrown each time.
 */
export function remembered<T extends object, K extends object = Certificate>(
  work: (key: K) => T,
): (key: K) => T {
  const known = new WeakMap<K, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const result = work(key);
    known.set(key, result);
    return result;
  };
}
