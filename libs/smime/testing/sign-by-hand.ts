// SPDX-License-Identifier: Apache-2.0
import { createHash, sign } from 'node:crypto';
import {
  context,
  der,
  NULL,
  octetString,
  oid,
  sequence,
  setOf,
  smallInteger,
  TAG,
  time,
} from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';
import { issuerAndSerialNumber } from '../create/recipient-identifier.ts';
import type { Identity } from './openssl-workshop.ts';

export const attribute = (type: string, ...values: Buffer[]) => sequence(oid(type), setOf(...values));

/** The attributes that a signature of this content must have. */
export const mandatoryAttributes = (content: Buffer) => [
  attribute(OID.contentType, oid(OID.data)),
  attribute(OID.messageDigest, octetString(createHash('sha256').update(content).digest())),
];
export const signingTimeAttribute = (at: Date) => attribute(OID.signingTime, time(at));

/** A SignedData with whatever signed attributes and algorithms, right or wrong, and a signature that is right. */
export function signByHand(
  { certificate, keyPem }: Identity,
  {
    content,
    detached = false,
    attributes = mandatoryAttributes(content),
    digest = sequence(oid(OID.sha256)),
    announced = digest,
    algorithm = sequence(oid(OID.rsaEncryption), NULL),
    signWith = 'sha256',
    copies = 1,
    certificates = [certificate.der],
  }: {
    content: Buffer;
    detached?: boolean;
    attributes?: Buffer[];
    digest?: Buffer;
    /** Among the digest algorithms of the SignedData. */
    announced?: Buffer;
    algorithm?: Buffer;
    signWith?: string;
    copies?: number;
    certificates?: Buffer[];
  },
): Buffer {
  const signature = sign(signWith, der(TAG.set, ...attributes), keyPem);
  const signerInfo = sequence(
    smallInteger(1),
    issuerAndSerialNumber(certificate),
    digest,
    der(context(0), ...attributes),
    algorithm,
    octetString(signature),
  );
  const signedData = sequence(
    smallInteger(1),
    setOf(announced),
    sequence(oid(OID.data), ...(detached ? [] : [der(context(0), octetString(content))])),
    ...(certificates.length === 0 ? [] : [der(context(0), ...certificates)]),
    setOf(...Array.from({ length: copies }, () => signerInfo)),
  );
  return sequence(oid(OID.signedData), der(context(0), signedData));
}

/** A CMS object as a message, in binary. */
export const cmsMessage = (cms: Buffer, from = 'aske@a.example') =>
  Buffer.concat([Buffer.from(`From: ${from}\r\nContent-Type: application/pkcs7-mime\r\n\r\n`), cms]);
