// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { Problem } from '@securemail/service';
import { digesting, type Digest } from '../adapters/digesting.ts';
import { tooLarge } from '../checked-content.ts';
import type { Share } from './json-budget.ts';

/**
 * The body as a stream that tells a client's disappearance from its end, how many octets the request says it has (0
 * where it says nothing), the fingerprint of what was asked (the body and how it is to be read), and the digest of the
 * body alone.
 *
 * @throws Problem `message-too-large`, before anything is read where the client says so itself; `incomplete-message`.
 */
export function readBody(
  request: Request,
  maxBytes: number,
): { source: AsyncIterable<Buffer>; announced: number; fingerprint: () => Buffer; digest: () => Digest } {
  const announced = Number(request.headers['content-length'] ?? 0);
  const hash = createHash('sha256');
  hash.update(`${request.headers['content-type'] ?? ''}\n${JSON.stringify(request.query)}\n`);
  async function* source(): AsyncIterable<Buffer> {
    if (announced > maxBytes) throw tooLarge(maxBytes);
    let size = 0;
    try {
      // Leaving early must not destroy the request, for the socket goes with it and the answer would never arrive.
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        size += (chunk as Buffer).length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk as Buffer);
        yield chunk as Buffer;
      }
    } catch (error) {
      throw error instanceof Problem ? error : incomplete();
    }
    if (!request.complete) throw incomplete();
  }
  const { source: digested, digest } = digesting(source());
  return { source: digested, announced, fingerprint: () => hash.copy().digest(), digest };
}

const incomplete = () =>
  new Problem('incomplete-message', 'The connection ended before the body did. Nothing was accepted.');

/** Octets. */
const FIRST = 16 * 1_024;
/** Octets. So that whoever fills the memory with large ones shuts nobody else out. */
const SMALL = 256 * 1_024;

/**
 * The whole body in memory, as a share of what all may take there. It counts as it comes: what a request only says
 * that it has takes nothing from others. A small one is not counted.
 *
 * @throws Problem `message-too-large`, `too-busy`, `incomplete-message`
 */
export async function collect(
  source: AsyncIterable<Buffer>,
  { announced, maxBytes, share }: { announced: number; maxBytes: number; share: Share },
): Promise<Buffer> {
  if (announced > maxBytes) throw tooLarge(maxBytes);
  let held = Buffer.allocUnsafe(FIRST);
  let size = 0;
  for await (const chunk of source) {
    const before = size;
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    if (size > SMALL) share.growTo(size);
    // Copied: a chunk of one octet, kept, takes some hundred.
    if (size > held.length)
      held = Buffer.concat([held.subarray(0, before)], Math.max(size, Math.min(2 * held.length, maxBytes)));
    chunk.copy(held, before);
  }
  return held.subarray(0, size);
}
