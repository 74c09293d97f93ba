// SPDX-License-Identifier: Apache-2.0
import type { Certificate } from './certificate.ts';

/**
 * A function of a certificate that works once for each, as long as somebody holds it: to tell the curve of a key or to
 * write it down takes OpenSSL longer than to sign with it. What it throws is thrown each time.
 */
export function remembered<T extends object>(
  work: (certificate: Certificate) => T,
): (certificate: Certificate) => T {
  const known = new WeakMap<Certificate, T>();
  return (certificate) => {
    const before = known.get(certificate);
    if (before !== undefined) return before;
    const result = work(certificate);
    known.set(certificate, result);
    return result;
  };
}
