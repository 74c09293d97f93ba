// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@securemail/event-log';
import { openScanner, type Rule, type Scanner } from '@securemail/sensitive-content';
import type { Closable, Platform } from '@securemail/service';

/** For one mail, and for a free process before it. Milliseconds. */
const MOST_MS = 120_000;

/** Looks into messages, where something is demanded by what is in them. */
export interface ContentGrading extends Closable {
  /** Whether something is found by a rule, or something in it can't be looked into. @throws what `content` throws. */
  maybeSensitive(content: AsyncIterable<Uint8Array>, rules: readonly Rule[]): Promise<boolean>;
}

/** Its process starts with the first message. */
export function openContentGrading({ logger }: Pick<Platform, 'logger'>): ContentGrading {
  let scanner: Scanner | null = null;
  return {
    async maybeSensitive(content, rules) {
      if (rules.length === 0) return false;
      scanner ??= openScanner();
      let failed: unknown = null;
      async function* watched() {
        try {
          yield* content;
        } catch (error) {
          failed = error;
          throw error;
        }
      }
      try {
        const { found, unread } = await scanner.scan(watched(), rules, AbortSignal.timeout(MOST_MS));
        // A picture is no text, and every second mail has one.
        return found.length > 0 || unread.some(({ because }) => because !== 'no-text');
      } catch (error) {
        // The vault is asked again; a fault of the scan is not healed by that.
        if (failed !== null) throw error;
        logger.error({ reason: reasonOf(error) }, 'the content of a message could not be looked into');
        return true;
      }
    },
    close: async () => {
      await scanner?.close();
    },
  };
}
