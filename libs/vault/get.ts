// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { ContentRef, EmailId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { chunkCipher } from './chunk-cipher.ts';
import type { DataKeys } from './data-keys.ts';
import { readPage, type Page } from './read-content.ts';
import { ContentDamagedError, ContentErasedError, ContentMissingError } from './vault.ts';

/** How many chunks are read at once: what a get holds in memory, against round trips. */
const CHUNKS_AT_ONCE = 4;

interface Outside {
  pool: Pool;
  dataKeys: DataKeys;
}

/** See `Vault.get`. The data key is looked at again with every page, so that an erasure counts at once. */
export async function* get(
  { pool, dataKeys }: Outside,
  emailId: EmailId,
  ref: ContentRef,
): AsyncGenerator<Buffer, void, undefined> {
  const { contentId } = ref;
  const digest = createHash('sha256');
  let size = 0;
  let chunks: number | null = null;
  let whole = false;
  for (let from = 0; chunks === null || from < chunks; from += CHUNKS_AT_ONCE) {
    const asOf = dataKeys.moment;
    const page = check(await readPage(pool, emailId, contentId, from, CHUNKS_AT_ONCE), emailId, ref);
    chunks ??= page.chunks;
    const key = await dataKeys.open(emailId, page.key, asOf);
    if (key === 'erased') throw erased(emailId);
    const cipher = chunkCipher(key.key, contentId);
    for (let index = from; index < Math.min(chunks, from + CHUNKS_AT_ONCE); index += 1) {
      const sealed = page.data.get(index);
      if (sealed === undefined) throw damaged(ref, `chunk ${index} of ${chunks} is missing`);
      const last = index === chunks - 1;
      const chunk = cipher.open(sealed, index, last);
      if (chunk === null) throw damaged(ref, `chunk ${index} of ${chunks} does not authenticate`);
      digest.update(chunk);
      size += chunk.length;
      if (last) whole = size === ref.size && digest.digest('hex') === ref.sha256;
      if (last && !whole) throw damaged(ref, 'its size or digest is not that of the reference');
      if (chunk.length > 0) yield chunk;
    }
  }
  if (!whole) throw damaged(ref, 'it has no chunks');
}

function check(page: Page | null, emailId: EmailId, ref: ContentRef): Page & { chunks: number } {
  if (page !== null && page.key.wrapped === null) throw erased(emailId);
  if (page === null || page.chunks === null) {
    throw new ContentMissingError(`the vault has no content ${ref.contentId} of email ${emailId}`);
  }
  return { ...page, chunks: page.chunks };
}

const erased = (emailId: EmailId) => new ContentErasedError(`email ${emailId} was erased`);

const damaged = (ref: ContentRef, how: string) => new ContentDamagedError(`content ${ref.contentId}: ${how}`);
