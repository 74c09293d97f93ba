// SPDX-License-Identifier: Apache-2.0
import type { ContentRef, EmailId, TenantId } from '@securemail/contracts';

/** Keeps the bytes of emails, encrypted under a data key per email. Adapters pass `vaultContract`. */
export interface Vault {
  /**
   * Stores a content. Durable when it resolves, invisible until then; the source is read no faster than it is stored.
   *
   * @throws ContentErasedError where the email was erased, also meanwhile.
   */
  put(
    owner: { emailId: EmailId; tenantId: TenantId },
    content: AsyncIterable<Uint8Array>,
  ): Promise<ContentRef>;

  /**
   * The content, each piece authenticated before it is yielded. The last piece comes only when size and digest are
   * those of `ref`; a reader that hands pieces on must be able to take them back until then.
   *
   * @throws ContentDamagedError, ContentErasedError (also half-way) or ContentMissingError.
   */
  get(owner: { emailId: EmailId }, ref: ContentRef): AsyncIterable<Buffer>;

  /** Removes some contents of an email whose others stay. Those that are not there are none of its concern. */
  remove(owner: { emailId: EmailId }, contents: readonly Pick<ContentRef, 'contentId'>[]): Promise<void>;

  /** Destroys the email's data key and removes its contents, for ever. Erasing twice does nothing more. */
  erase(emailId: EmailId): Promise<void>;

  /**
   * Removes puts that began before `olderThan` and never finished: those of processes that died. One that is still
   * under way fails, so choose a time longer ago than the slowest upload takes.
   *
   * @returns how many.
   */
  sweep(olderThan: Date): Promise<number>;

  /**
   * Looks at the next contents that have been there for long, at each once, some hundred at a time, and erases emails
   * that nobody knows and that never had a content but this one: whoever put it died before saying so. Call it until it
   * has looked at none. Where it throws, also by `areKnown`, the same contents are looked at again next time.
   *
   * @returns how many contents it looked at, and how many emails it erased.
   */
  sweepUnreferenced(sweep: UnreferencedSweep): Promise<{ looked: number; erased: number }>;

  close(): Promise<void>;
}

export interface UnreferencedSweep {
  /** By the clock of the store, milliseconds. Longer than it ever takes from the end of a put until its email is known. */
  olderThanMs: number;
  /** Which of these emails somebody knows; all of them in doubt. */
  areKnown: (emailIds: readonly EmailId[]) => Promise<ReadonlySet<EmailId>>;
}

/** What is stored is not what was put: changed, cut off, swapped, or lost in part. */
export class ContentDamagedError extends Error {
  override name = 'ContentDamagedError';
}

/** The email was erased; nothing brings its contents back. */
export class ContentErasedError extends Error {
  override name = 'ContentErasedError';
}

/** The vault has no such content of that email. */
export class ContentMissingError extends Error {
  override name = 'ContentMissingError';
}
