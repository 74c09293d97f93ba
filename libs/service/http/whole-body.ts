// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import { Problem } from './problem.ts';

/**
 * The body of a request for administrators, as a whole.
 *
 * @throws Problem `upload-too-large`, before anything is read where the client says so itself; `incomplete-message`
 */
export async function wholeBody(request: Request, maxOctets: number): Promise<Buffer> {
  const tooLarge = () => new Problem('upload-too-large', `At most ${maxOctets} octets are taken at a time.`);
  if (Number(request.headers['content-length'] ?? 0) > maxOctets) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Leaving early must not destroy the request, for the socket goes with it and the answer would never arrive.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxOctets) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof Problem ? error : incomplete();
  }
  if (!request.complete) throw incomplete();
  return Buffer.concat(chunks);
}

const incomplete = () =>
  new Problem('incomplete-message', 'The connection ended before the body did. Nothing was stored.');
