// SPDX-License-Identifier: Apache-2.0
import type { Address, ContentRef, EmailId } from '@securemail/contracts';
import { addressesOf, MalformedMessageError, readHeader } from '@securemail/mime';
import { ContentDamagedError, ContentMissingError, type Vault } from '@securemail/vault';

/** Whether a mail is one that the gateway wrote itself, such as a receipt that a rule passes on: by its author (`From`). */
export async function isWrittenHere(
  vault: Pick<Vault, 'get'>,
  owner: { emailId: EmailId },
  content: ContentRef,
  gateway: Address,
): Promise<boolean> {
  try {
    const { header, body } = await readHeader(vault.get(owner, content));
    await body[Symbol.asyncIterator]().return?.();
    return addressesOf(header, 'From').some(({ address }) => address.toLowerCase() === gateway.toLowerCase());
  } catch (error) {
    // To be told comes before.
    if (isLost(error) || error instanceof MalformedMessageError) return false;
    throw error;
  }
}

/** It will not be there at another try either. */
export const isLost = (error: unknown): boolean =>
  error instanceof ContentMissingError || error instanceof ContentDamagedError;
