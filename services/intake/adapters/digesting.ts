// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Sha256 } from '@securemail/contracts';

/** Octets, and their SHA-256. */
export interface Digest {
  size: number;
  sha256: Sha256;
}

/** Lets octets through as they are. `digest` tells of those that have passed. */
export function digesting(source: AsyncIterable<Buffer>): {
  source: AsyncIterable<Buffer>;
  digest: () => Digest;
} {
  const hash = createHash('sha256');
  let size = 0;
  async function* passed() {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  return { source: passed(), digest: () => ({ size, sha256: Sha256.parse(hash.copy().digest('hex')) }) };
}
