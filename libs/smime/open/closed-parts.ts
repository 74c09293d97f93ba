// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';
import type { PartHeader } from './part-headers.ts';
import { isSmimePart } from './smime-layer.ts';

/**
 * Where a part stands that is signed or encrypted by S/MIME below the top of the content, and so was not opened: in the mail
 * itself, as lists and gateways make it that put a text beside it, or in another mail that somebody attached.
 */
export type ClosedPart = 'in-message' | 'in-attached-message';

/** @param outer the header of the message itself. */
export function closedPartFinder(outer: Header) {
  const found = new Set<ClosedPart>();
  const isAttached = ({ number, header }: PartHeader['within'][number]) =>
    number !== '' && (messageId(header) ?? '') !== messageId(outer);
  return {
    see({ number, header, within }: PartHeader): void {
      if ((number === '' && within.length === 0) || !isSmimePart(header)) return;
      found.add(within.some(isAttached) ? 'in-attached-message' : 'in-message');
    },
    parts: (): readonly ClosedPart[] => [...found],
  };
}

const messageId = (header: Header) => header.get('Message-ID')?.trim();
