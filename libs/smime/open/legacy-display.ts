// SPDX-License-Identifier: Apache-2.0
import { contentTypeOf } from '../mime/content-type.ts';
import type { PartHeader } from './part-headers.ts';

/** A mail has one or two. */
const MAX_FOUND = 1000;

/**
 * Looks for the parts of a content that begin with a Legacy Display Element, `hp-legacy-display="1"` in their
 * Content-Type (RFC 9788 §2.1.2). Those of an attached message are not the content's.
 */
export function legacyDisplayFinder() {
  const found: string[] = [];
  return {
    see({ number, header, within }: PartHeader): void {
      const { type, parameters } = contentTypeOf(header);
      const isText = type === 'text/plain' || type === 'text/html';
      if (!isText || within.length > 0 || parameters.get('hp-legacy-display') !== '1') return;
      if (found.length < MAX_FOUND) found.push(number === '' ? '1' : number);
    },
    parts: (): readonly string[] => found,
  };
}
