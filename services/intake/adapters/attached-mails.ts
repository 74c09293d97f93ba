// SPDX-License-Identifier: Apache-2.0
import { attachedHeaders, UnneutralisableError, type Header } from '@securemail/mime';
import { threadKeysOf, type ThreadKey } from '../domain/guards/thread-keys.ts';

/**
 * Stands in clear in the mail wherever another one is attached: its type, or that of what it stands in, or its name, or that
 * this is encoded (RFC 2231 or encoded words), as any with a letter beyond ASCII is.
 */
const SIGN = /message\/|multipart\/digest|(?:\.|%2e)eml|name\*|name\s*=[^;]{0,500}=\?/i;
/** With the spaces around its marks. */
const LONGEST_SIGN = 600;

/** Whether a mail with this header may have others attached. */
export const mayAttachMails = (header: Header): boolean =>
  [...header.getAll('Content-Type'), ...header.getAll('Content-Disposition')].some(
    (value) => /^\s*multipart\//i.test(value) || SIGN.test(value),
  );

/**
 * Lets a mail through as it is, and notices, where that is asked, whether others may be attached: only such a mail needs to be
 * read once more, which costs far more than looking for a few letters.
 */
export function noticingAttached(
  source: AsyncIterable<Buffer>,
  asked: boolean,
): {
  source: AsyncIterable<Buffer>;
  noticed: () => boolean;
} {
  let noticed = false;
  async function* passed() {
    let before = '';
    for await (const chunk of source) {
      if (!noticed) {
        const text = before + chunk.toString('latin1');
        noticed = SIGN.test(text);
        before = text.slice(1 - LONGEST_SIGN);
      }
      yield chunk;
    }
  }
  return { source: asked ? passed() : source, noticed: () => noticed };
}

/**
 * What names the threads of all mails that are attached to a mail, each once; null where there are more of them than can be
 * looked into.
 *
 * @throws what the content throws.
 */
export async function attachedKeys(content: AsyncIterable<Uint8Array>): Promise<ThreadKey[] | null> {
  const keys = new Set<ThreadKey>();
  try {
    for await (const header of attachedHeaders(content)) {
      const { own, earlier } = threadKeysOf(header);
      for (const key of own === null ? earlier : [own, ...earlier]) keys.add(key);
    }
  } catch (error) {
    if (error instanceof UnneutralisableError) return null;
    throw error;
  }
  return [...keys];
}
