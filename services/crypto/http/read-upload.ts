// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';
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

/**
 * The body, as a whole.
 *
 * @throws Problem `unsupported-media-type`, `upload-too-large`, before anything is read where the client says so itself;
 *   `incomplete-message`
 */
export async function readUpload(request: Request): Promise<Buffer> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (!UPLOAD_TYPES.some((each) => each === type))
    throw new Problem('unsupported-media-type', `Send certificates as one of ${UPLOAD_TYPES.join(', ')}.`);
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_UPLOAD) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Leaving early must not destroy the request, for the socket goes with it and the answer would never arrive.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > LARGEST_UPLOAD) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof Problem ? error : incomplete();
  }
  if (!request.complete) throw incomplete();
  return Buffer.concat(chunks);
}

const tooLarge = () =>
  new Problem('upload-too-large', `At most ${LARGEST_UPLOAD} octets are taken at a time.`);

const incomplete = () =>
  new Problem('incomplete-message', 'The connection ended before the body did. Nothing was stored.');
