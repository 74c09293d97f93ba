// SPDX-License-Identifier: Apache-2.0
import type { ContentRef, EmailId } from '@securemail/contracts';
import { reasonOf } from '@securemail/event-log';
import type { Platform } from '@securemail/service';
import type { Vault } from '@securemail/vault';

/**
 * What `make` makes, with a vault to store it in. Where it throws, what it stored is removed again: no event names that,
 * and each further try stores its own, for as long as a key is away.
 *
 * @throws what `make` throws.
 */
export async function storedIfMade<T>(
  emailId: EmailId,
  { vault, logger }: Pick<Platform, 'vault' | 'logger'>,
  make: (vault: Vault) => Promise<T>,
): Promise<T> {
  const stored: ContentRef[] = [];
  const noting: Vault = {
    ...vault,
    put: async (owner, content) => {
      const ref = await vault.put(owner, content);
      stored.push(ref);
      return ref;
    },
  };
  try {
    return await make(noting);
  } catch (error) {
    await vault.remove({ emailId }, stored).catch((failed: unknown) => {
      logger.warn({ emailId, reason: reasonOf(failed) }, 'what was made in vain could not be removed');
    });
    throw error;
  }
}
