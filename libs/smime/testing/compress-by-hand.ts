// SPDX-License-Identifier: Apache-2.0
import { deflateSync } from 'node:zlib';
import { context, der, octetString, oid, sequence, smallInteger } from '../asn1/der.ts';
import { OID } from '../asn1/oids.ts';

/** A CompressedData (RFC 3274 §1.1), right unless told otherwise. */
export function compressByHand(
  content: Buffer,
  {
    zlib = deflateSync(content),
    algorithm = OID.zlibCompress,
    type = OID.data,
  }: { zlib?: Buffer; algorithm?: string; type?: string } = {},
): Buffer {
  const compressedData = sequence(
    smallInteger(0),
    sequence(oid(algorithm)),
    sequence(oid(type), der(context(0), octetString(zlib))),
  );
  return sequence(oid(OID.compressedData), der(context(0), compressedData));
}

/** The CMS object as the entity it is in S/MIME (RFC 8551 §3.6), in binary. */
export const compressedEntity = (cms: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('Content-Type: application/pkcs7-mime; smime-type=compressed-data\r\n\r\n'),
    cms,
  ]);
