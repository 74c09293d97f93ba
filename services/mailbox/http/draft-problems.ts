// SPDX-License-Identifier: Apache-2.0
import { Problem } from '@securemail/service';
import { ContentErasedError } from '@securemail/vault';
import type { Changed } from '../adapters/drafts.ts';
import type { MailboxSettings } from '../settings.ts';

/** Why a change of a draft was not made. */
export function problemOfChange(
  changed: Exclude<Changed, 'kept'>,
  { maxBytes, maxFiles }: MailboxSettings['replies'],
): Problem {
  switch (changed) {
    case 'gone':
      return noDraft();
    case 'busy':
      return beingSent();
    case 'overtaken':
      return new Problem('draft-changed', 'Another page kept something, or another file is attached, since.');
    case 'too-much':
      return new Problem('reply-too-large', 'More than one answer takes.', { maxBytes, maxFiles });
  }
}

/** A draft that ended meanwhile was erased. */
export async function orNone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ContentErasedError ? noDraft() : error;
  }
}

export const beingSent = () => new Problem('draft-being-sent', 'It ends within two minutes.');

export const noDraft = () =>
  new Problem('draft-not-found', 'Nothing is under way, or it was sent from elsewhere.');
