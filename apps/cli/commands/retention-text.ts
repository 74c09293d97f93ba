// SPDX-License-Identifier: Apache-2.0
import type { EmailId } from '@securemail/contracts';
import type { Erased, LegalHold } from '@securemail/receipts';
import { plain } from './certificates-text.ts';

/** What became of an email that was to be erased, or would become of it; one line. */
export function outcomeLine(emailId: EmailId, erased: Erased, isDryRun: boolean): string {
  return `${emailId}  ${sayingOf(erased, isDryRun)}\n`;
}

function sayingOf(erased: Erased, isDryRun: boolean): string {
  switch (erased.outcome) {
    case 'erased':
      return 'erased';
    case 'erased-before':
      return `was erased at ${erased.erasedAt}; whatever of it ${isDryRun ? 'is there again would be' : 'was there again is'} destroyed`;
    case 'erasable':
      return 'would be erased';
    case 'not-found':
      return 'there is no such email';
    case 'not-ended':
      return `is still needed: it waits for ${erased.waitsFor}${erased.until === null ? '' : `, until ${erased.until}`}`;
    case 'legal-hold':
      return `is kept by legal hold ${erased.hold.holdId}`;
    default:
      return erased satisfies never;
  }
}

/** A legal hold; one line. */
export const holdLine = ({
  holdId,
  covers,
  emailId,
  placedAt,
  liftedAt,
  by,
  reason,
  sought,
}: LegalHold & { by: string | null; reason: string | null; sought: string | null }): string =>
  `${[
    holdId,
    [covers, emailId ?? sought].filter((each) => each !== null).join(' '),
    placedAt.toISOString(),
    liftedAt === null ? 'holds' : `lifted ${liftedAt.toISOString()}`,
    plain(by ?? '-'),
    plain(reason ?? '-'),
  ].join('  ')}\n`;
