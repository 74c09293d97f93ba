// SPDX-License-Identifier: Apache-2.0
import { certificateOf, type Certificate } from './certificate.ts';
import { children, context, readDer, readOid, TAG } from '../asn1/der.ts';
import { UnreadableCertificateError } from '../errors.ts';
import { OID } from '../asn1/oids.ts';

const ANY_PEM = /-----BEGIN [A-Z0-9 ]+-----/;
const BOUNDARY = /-----(BEGIN|END) (CERTIFICATE|PKCS7|CMS)-----/g;
const PEM = /-----BEGIN (CERTIFICATE|PKCS7|CMS)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/**
 * Reads every certificate of a file: PEM (one or many, text between them ignored), DER, or a PKCS#7 bundle
 * (`.p7b`, `.p7c`) in PEM or DER.
 *
 * @returns them in the order of the file, at least one.
 * @throws UnreadableCertificateError where there is none, or where one of them is damaged.
 */
export function readCertificates(file: Buffer | string): Certificate[] {
  const bytes = typeof file === 'string' ? Buffer.from(file, 'latin1') : file;
  const text = bytes.toString('latin1');
  const blocks = [...text.matchAll(PEM)];
  // In DER such a text may stand by chance.
  if (blocks.length === 0 && bytes[0] !== TAG.sequence && ANY_PEM.test(text)) {
    throw new UnreadableCertificateError('the file is PEM, but there is no certificate in it');
  }
  if (blocks.length > 0 && [...text.matchAll(BOUNDARY)].length !== 2 * blocks.length) {
    throw new UnreadableCertificateError('a certificate in the file is cut off or damaged');
  }
  const certificates =
    blocks.length === 0
      ? readOne(bytes)
      : blocks.flatMap(([, , base64 = '']) => readOne(Buffer.from(base64, 'base64')));
  if (certificates.length === 0) throw new UnreadableCertificateError('the file holds no certificate');
  return certificates;
}

/** A certificate starts with a SEQUENCE, a PKCS#7 bundle with the identifier of its content type. */
function readOne(bytes: Buffer): Certificate[] {
  try {
    const outer = readDer(bytes);
    const [type, content] = children(outer);
    if (type?.tag !== TAG.oid) return [certificateOf(outer.bytes)];
    if (readOid(type) !== OID.signedData || content === undefined) return [];
    const bundle = children(readDer(content.content)).find((field) => field.tag === context(0));
    return bundle === undefined ? [] : children(bundle).map(({ bytes: each }) => certificateOf(each));
  } catch (error) {
    if (error instanceof UnreadableCertificateError) throw error;
    throw new UnreadableCertificateError('the file is neither PEM nor DER', { cause: error });
  }
}
