// SPDX-License-Identifier: Apache-2.0
import { readEvent, type DomainEvent, type SealedEvent } from '@securemail/contracts';
import { eventIn } from '@securemail/ledger';

/** What a leaf tells; null where it is no event any more. */
export function sealedIn(content: string): { event: SealedEvent; recordedAt: Date } | null {
  try {
    const read = eventIn(content);
    const { id, emailId, name, source, sequence } = read.event as Partial<SealedEvent>;
    const isOne =
      [id, emailId, name, source].every((each) => typeof each === 'string' && each !== '') &&
      Number.isSafeInteger(sequence) &&
      !Number.isNaN(read.recordedAt.getTime());
    return isOne ? read : null;
  } catch {
    return null;
  }
}

/** The open part of an event; null where it is of no kind that is known here, or does not have what that has. */
export function openPartOf(event: SealedEvent): DomainEvent | null {
  try {
    return readEvent(event, undefined);
  } catch {
    return null;
  }
}
