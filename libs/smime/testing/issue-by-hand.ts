// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { octetString } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../index.ts';
import {
  certify,
  commonName,
  extension,
  rfc822Name,
  subjectAltName,
  type Issuer,
} from './draw-certificate.ts';

const passingAuthority = (): Issuer => ({
  key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
  subject: commonName('An authority'),
});

/**
 * A certificate for any public key: the `openssl` program of these tests issues none for X25519 and ML-KEM, whose keys
 * cannot sign a request.
 *
 * @param capabilities DER of SMIMECapabilities, to be written into it (RFC 4262).
 * @param email an rfc822Name. @param person the common name.
 * @param issuer by default an authority that is thrown away.
 */
export function issueByHand(
  publicKey: KeyObject,
  {
    capabilities,
    email,
    person = 'A person',
    issuer = passingAuthority(),
  }: { capabilities?: Buffer; email?: string; person?: string; issuer?: Issuer } = {},
): Certificate {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyIdentifier = createHash('sha1').update(spki).digest();
  const extensions = [
    extension(OID.subjectKeyIdentifier, octetString(keyIdentifier)),
    ...(capabilities === undefined ? [] : [extension(OID.smimeCapabilities, capabilities)]),
    ...(email === undefined ? [] : [subjectAltName(rfc822Name(email))]),
  ];
  return certify({ issuer, subject: commonName(person), publicKey, extensions });
}
