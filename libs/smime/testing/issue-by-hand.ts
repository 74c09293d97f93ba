// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  context,
  contextPrimitive,
  der,
  octetString,
  oid,
  sequence,
  setOf,
  smallInteger,
  TAG,
  time,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { certificateOf, type Certificate } from '../index.ts';

const COMMON_NAME = '2.5.4.3';
const UTF8_STRING = 0x0c;
const DAY = 24 * 60 * 60 * 1000;
const ECDSA_SHA256 = sequence(oid(OID.ecdsaWithSha256));

const bitString = (...content: readonly Buffer[]) => der(TAG.bitString, Buffer.of(0), ...content);
const name = (text: string) =>
  sequence(setOf(sequence(oid(COMMON_NAME), der(UTF8_STRING, Buffer.from(text)))));
const rfc822Name = (address: string) => der(contextPrimitive(1), Buffer.from(address));
const extension = (id: string, value: Buffer) => sequence(oid(id), octetString(value));

/** Who issues: a key on P-256, and the DER of its Name. */
interface Issuer {
  readonly key: KeyObject;
  readonly subject: Buffer;
}

const passingAuthority = (): Issuer => ({
  key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
  subject: name('An authority'),
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
    ...(email === undefined ? [] : [extension(OID.subjectAltName, sequence(rfc822Name(email)))]),
  ];
  const now = Date.now();
  const tbs = sequence(
    der(context(0), smallInteger(2)),
    der(TAG.integer, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ECDSA_SHA256,
    issuer.subject,
    sequence(time(new Date(now - DAY)), time(new Date(now + DAY))),
    name(person),
    spki,
    der(context(3), sequence(...extensions)),
  );
  const signature = sign('sha256', tbs, issuer.key);
  return certificateOf(sequence(tbs, ECDSA_SHA256, bitString(signature)));
}
