// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/**
 * Whether a certificate names a server: only the names in subjectAltName count, and a wildcard only as a whole label
 * (RFC 9525 §6.3, RFC 8461 §3.3 and §4.1). Node's own check takes the common name, too, and parts of labels.
 *
 * @returns why not, as Node's own check says it; undefined: it does.
 */
export function namesServer(name: string, der: Buffer): Error | undefined {
  const certificate = new X509Certificate(der);
  const found =
    isIP(name) === 0
      ? certificate.checkHost(name, { subject: 'never', partialWildcards: false })
      : certificate.checkIP(name);
  if (found !== undefined) return undefined;
  const fault = new Error('the certificate does not name the server');
  return Object.assign(fault, { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}
