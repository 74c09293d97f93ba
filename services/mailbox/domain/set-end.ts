// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';

/** RFC 2156 §5.3.6 (RFC 4021 §2.1.51); the other one is of RFC 1327, and what Outlook writes for “Expires after”. */
const FIELDS = ['Expires', 'Expiry-Date'] as const;

/** Comments (RFC 5322 §3.2.2), in which mail programs name the time zone. */
const COMMENT = /\([^()]*\)/g;

/**
 * Until when its sender wants a message to be read; null where he says nothing, nothing that can be understood, or a time
 * that was over when he handed it in: an old mail that is sent once more says that. It may be over by now, as where it was
 * held for long: nobody reads it then.
 */
export function endSetBySender(header: Header, handedInAt: Date): Date | null {
  for (const field of FIELDS) {
    const time = Date.parse((header.get(field) ?? '').replaceAll(COMMENT, '').trim());
    if (time > handedInAt.getTime()) return new Date(time);
  }
  return null;
}

/** When a message ends: as its sender wants it, and no later than the organisation keeps any. */
export function endOf(setEnd: Date | null, { keepDays }: { keepDays: number }, at: Date): Date {
  const latest = new Date(at.getTime() + keepDays * 24 * 3_600_000);
  return setEnd !== null && setEnd < latest ? setEnd : latest;
}
