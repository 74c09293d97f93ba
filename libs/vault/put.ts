// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { newContentId, type ContentId, type ContentRef, type Sha256 } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { chunkCipher, type ChunkCipher } from './chunk-cipher.ts';
import { checkTenant, type DataKeys, type Owner } from './data-keys.ts';
import { inChunks, type Chunk } from './in-chunks.ts';
import { ContentErasedError } from './vault.ts';
import { addChunks, begin, beginWithNewKey, discard, type SealedChunk } from './write-content.ts';

/** How many chunks travel at once: what a put holds in memory, against round trips. */
const CHUNKS_AT_ONCE = 4;

interface Outside {
  pool: Pool;
  dataKeys: DataKeys;
  clock: () => Date;
}

/** A content of one chunk takes one statement. See `Vault.put`. */
export async function put(
  outside: Outside,
  owner: Owner,
  content: AsyncIterable<Uint8Array>,
): Promise<ContentRef> {
  const contentId = newContentId();
  const digest = createHash('sha256');
  let size = 0;
  let begun: ChunkCipher | undefined;
  const waiting: SealedChunk[] = [];
  try {
    for await (const chunk of inChunks(content)) {
      digest.update(chunk.bytes);
      size += chunk.bytes.length;
      const finish = chunk.last ? { chunks: chunk.index + 1, size } : null;
      if (begun === undefined) {
        begun = await beginContent(outside, owner, contentId, chunk, finish);
        continue;
      }
      waiting.push({ index: chunk.index, data: begun.seal(chunk.bytes, chunk.index, chunk.last) });
      if (!chunk.last && waiting.length < CHUNKS_AT_ONCE) continue;
      const place = { contentId, owner, now: outside.clock() };
      if (!(await addChunks(outside.pool, place, waiting.splice(0), finish))) {
        throw await whyGone(
          outside.dataKeys,
          owner,
          `the unfinished content ${contentId} was swept meanwhile`,
        );
      }
    }
  } catch (error) {
    if (begun !== undefined) await discard(outside.pool, contentId).catch(() => undefined);
    throw error;
  }
  return { contentId, size, sha256: digest.digest('hex') as Sha256 };
}

/** Stores the first chunk. Mostly an email's first content comes first, so a new key is tried before asking. */
async function beginContent(
  { pool, dataKeys, clock }: Outside,
  owner: Owner,
  contentId: ContentId,
  { bytes, index, last }: Chunk,
  finish: { chunks: number; size: number } | null,
): Promise<ChunkCipher> {
  const sealedBy = (cipher: ChunkCipher) => ({
    contentId,
    owner,
    now: clock(),
    first: { index, data: cipher.seal(bytes, index, last) },
    finish,
  });
  const known = await dataKeys.recall(owner.emailId);
  if (known === null) {
    const made = await dataKeys.generate(owner);
    const cipher = chunkCipher(made.key, contentId);
    const asOf = dataKeys.moment;
    if (await beginWithNewKey(pool, sealedBy(cipher), made)) {
      dataKeys.remember(owner.emailId, made, asOf);
      return cipher;
    }
  }
  const found = checkTenant(await dataKeys.findOrCreate(owner), owner);
  if (found === 'erased') throw erased(owner);
  const cipher = chunkCipher(found.key, contentId);
  if (await begin(pool, sealedBy(cipher))) return cipher;
  throw await whyGone(dataKeys, owner, `the data key of email ${owner.emailId} is no longer there`);
}

async function whyGone(dataKeys: DataKeys, owner: Owner, otherwise: string): Promise<Error> {
  dataKeys.forget(owner.emailId);
  return (await dataKeys.find(owner.emailId)) === 'erased' ? erased(owner) : new Error(otherwise);
}

const erased = ({ emailId }: Owner) =>
  new ContentErasedError(`email ${emailId} was erased: nothing is put there`);
