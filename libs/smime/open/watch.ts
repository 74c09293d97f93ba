// SPDX-License-Identifier: Apache-2.0
import { UnopenableMessageError } from './unopenable.ts';

/** Sees how the content ended, whatever `keep` makes of that. */
export function watch(source: AsyncGenerator<Buffer, void, void>) {
  let ended = false;
  let failure: { error: unknown } | null = null;
  const content: AsyncIterableIterator<Buffer, void, void> = {
    next: async () => {
      try {
        const read = await source.next();
        if (read.done === true) ended = true;
        return read;
      } catch (error) {
        failure ??= { error };
        throw error;
      }
    },
    return: () => source.return(),
    [Symbol.asyncIterator]: () => content,
  };
  return {
    content,
    /** @throws what the content threw; UnopenableMessageError where it was not read to its end. */
    check: (layers: number) => {
      const failed = failure;
      if (failed !== null) throw failed.error;
      if (!ended) throw new UnopenableMessageError('content-not-read', layers);
    },
  };
}
