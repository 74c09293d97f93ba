// SPDX-License-Identifier: Apache-2.0
import { readEvent, UnreadableEventError, type DomainEvent, type SealedEvent } from '@securemail/contracts';
import type { Platform } from './platform.ts';

export interface Readable {
  events: DomainEvent[];
  /** The ids of events that can not be read, or only without what they say of people. */
  unreadable: string[];
}

/**
 * Opens events so that a damaged one hides no other: a disk, a restore or somebody with rights may have changed one. What is
 * not personal in it is shown all the same, as nothing was destroyed on purpose: it is not erased.
 *
 * @param isOpened of which what they say of people is wanted.
 */
export async function openReadable(
  { store }: Pick<Platform, 'store'>,
  sealed: readonly SealedEvent[],
  isOpened: (event: SealedEvent) => boolean = () => true,
): Promise<Readable> {
  const opened = await Promise.all(
    sealed.map(async (event) => {
      try {
        if (isOpened(event)) return { event: await store.open(event), unreadable: [] };
      } catch (error) {
        if (!(error instanceof UnreadableEventError)) throw error;
        return { event: withoutPersonal(event), unreadable: [event.id] };
      }
      const bare = withoutPersonal(event);
      return { event: bare, unreadable: bare === null ? [event.id] : [] };
    }),
  );
  return {
    events: opened.flatMap(({ event }) => event ?? []),
    unreadable: opened.flatMap(({ unreadable }) => unreadable),
  };
}

function withoutPersonal(event: SealedEvent): DomainEvent | null {
  try {
    return { ...readEvent(event, undefined), erased: false };
  } catch (error) {
    if (error instanceof UnreadableEventError) return null;
    throw error;
  }
}
