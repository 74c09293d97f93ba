// SPDX-License-Identifier: Apache-2.0
import { pdfParts, UnneutralisableError } from '@securemail/mime';
import { isNamedLikeOurs } from '../facts/filename.ts';
import { jwsAsWritten } from './jws-in-pdf.ts';

/** Encoded; ours have a tenth of that. */
const LARGEST = 1024 * 1024;

/**
 * Whether a message brings a PDF that is a Signature certificate, or any file that is named like one, genuine or not. Reads
 * it once, and holds one of them at most. One that cannot be looked through might.
 */
export async function carriesSignatureCertificate(message: AsyncIterable<Uint8Array>): Promise<boolean> {
  try {
    for await (const { filename, content } of pdfParts(message, { most: LARGEST, isNamed: isNamedLikeOurs }))
      if (isNamedLikeOurs(filename) || jwsAsWritten(content).length > 0) return true;
    return false;
  } catch (error) {
    if (error instanceof UnneutralisableError) return true;
    throw error;
  }
}
