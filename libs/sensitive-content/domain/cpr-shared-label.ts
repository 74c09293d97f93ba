// SPDX-License-Identifier: Apache-2.0
import { isLabel } from './cpr-labels.ts';
import type { KnownWord, WordKind } from './cpr-words.ts';

/** Forms that companies and people fill in ask both for one or the other: a word to call somebody or of a time is no such. */
const SHARES = new Set<WordKind>(['other', 'client', 'person', 'born', 'reference', 'number']);

const NUMBER_WORDS = String.raw`(?:[-\s.]*(?:nr|no|nummer|numre|nummeret|number|numbers)(?!\p{L}))?`;
/** `CPR/CVR`, `CPR-nr. eller CVR-nr.`, `CPR (eller kundenr.)`, `(CPR) eller virksomhed (CVR)`, `cpr_cvr`. */
const ONE_OR_OTHER = new RegExp(
  String.raw`^${NUMBER_WORDS}[-.]*(?:\)?\s*(?:[/|]|[,(]?\s*(?:og\/eller|and\/or|eller|or|oder)(?!\p{L}))\s*(?:\p{L}+\s*[(\s]\s*)?|_)\s*-?$`,
  'iu',
);
/** `CPR og telefonnummer`, `CPR-nummer til MobilePay`: a request names both as well, so that a colon must say that it is a label. */
const BOTH = new RegExp(
  String.raw`^${NUMBER_WORDS}[-.]*\)?\s*(?:[&+]|(?:og|and|und|samt|til|på|for|to|on|für)(?!\p{L}))\s*$`,
  'iu',
);
/** `CPR-nr., konto:`: a sentence has commas, too (`vi mangler dit CPR, ordre: …`), a label begins what it stands in. */
const LISTED = new RegExp(String.raw`^${NUMBER_WORDS}[-.]*\)?\s*,\s*$`, 'iu');
const BEGINS = /(?:^|[\n,;|])\s*(?:\p{L}+\s+)?$/u;
const SAYS_LABEL = /[:=\n]/u;

/**
 * Whether a word for a CPR number is one of those that are the number's label together: `CPR/CVR-nr.: …`, `CPR- eller
 * kundenummer …`. Whoever fills that in may have written either, so that the other word takes nothing away.
 *
 * @param words known words before the number, in their order.
 */
export function sharesCprLabel(words: readonly KnownWord[], before: string): boolean {
  const last = words.at(-1);
  if (last === undefined || !SHARES.has(last.kind)) return false;
  const behind = before.slice(last.end);
  if (!isLabel(before.slice(last.start, last.end), behind.replace(/^(\.?)\)/u, '$1'))) return false;
  const isHead = behind === '' || SAYS_LABEL.test(behind);
  for (let at = words.length - 1; at > 0; at -= 1) {
    const [previous, word] = [words[at - 1], words[at]];
    if (previous === undefined || word === undefined) return false;
    const between = before.slice(previous.end, word.start);
    const isOneLabel = word.kind === 'number' && /^[-_.\s]{0,2}$/u.test(between);
    const isListed =
      isHead &&
      LISTED.test(between) &&
      (previous.kind !== 'cpr' || BEGINS.test(before.slice(0, previous.start)));
    if (!isOneLabel && !isListed && !ONE_OR_OTHER.test(between) && !(isHead && BOTH.test(between)))
      return false;
    if (previous.kind === 'cpr') return true;
    if (!SHARES.has(previous.kind)) return false;
  }
  return false;
}
