// SPDX-License-Identifier: Apache-2.0
import { Problem, wholeBody } from '@securemail/service';
import type { Request } from 'express';

/** Octets. */
export const LARGEST_UPLOAD = 1024 * 1024;

/** PEM, DER and PKCS#7 tell themselves apart; what else there is holds private keys, and they stay where they are. */
export const UPLOAD_TYPES = [
  'application/x-pem-file',
  'application/pem-certificate-chain',
  'application/pkix-cert',
  'application/x-x509-ca-cert',
  'application/x-pkcs7-certificates',
  'application/pkcs7-mime',
] as const;

/** The body, as a whole. @throws Problem `unsupported-media-type`, and as `wholeBody` */
export async function readUpload(request: Request): Promise<Buffer> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (!UPLOAD_TYPES.some((each) => each === type))
    throw new Problem('unsupported-media-type', `Send certificates as one of ${UPLOAD_TYPES.join(', ')}.`);
  return await wholeBody(request, LARGEST_UPLOAD);
}
