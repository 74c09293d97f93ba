// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { context, der, oid, sequence, setOf, smallInteger } from '../asn1/der.ts';
import { extensionsFor, nameOf, type Holder } from './holder.ts';
import { publicKeyInfo, signatureAlgorithmOf, signedBy } from './key-pair.ts';

/** extensionRequest, RFC 2985 §5.4.2. */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/**
 * Asks an authority for a certificate: PKCS#10 (RFC 2986) in PEM, with the names, the purpose and the use of the key as
 * extensions, which the authority may take over or not.
 *
 * @param key an RSA key or one on a curve.
 */
export function requestCertificate(key: KeyObject, holder: Holder): string {
  const attribute = sequence(oid(EXTENSION_REQUEST), setOf(sequence(...extensionsFor(holder, key))));
  const info = sequence(
    smallInteger(0),
    nameOf(holder.commonName),
    publicKeyInfo(key),
    der(context(0), attribute),
  );
  const request = signedBy(key, signatureAlgorithmOf(key), info).toString('base64');
  const lines = request.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
