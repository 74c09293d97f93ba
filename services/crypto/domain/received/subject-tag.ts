// SPDX-License-Identifier: Apache-2.0
import type { Header } from '@securemail/mime';
import type { Marks } from './marks.ts';

/** What stands before a subject, so that readers can tell at a glance; null: nothing does. */
export interface SubjectTags {
  /** It came encrypted, and is signed validly. */
  secure: string | null;
  /** It came in clear. */
  insecure: string | null;
  /** Its signature is not valid. */
  invalid: string | null;
}

export const NO_TAGS: SubjectTags = { secure: null, insecure: null, invalid: null };

/** The tag for a mail, by the worst that is to be said of it. */
export function tagFor(
  { verdict, protection }: Pick<Marks, 'verdict' | 'protection'>,
  { secure, insecure, invalid }: SubjectTags,
): string | null {
  if (verdict === 'invalid') return invalid;
  if (protection === 'none') return insecure;
  return protection === 'smime' && verdict === 'valid' ? secure : null;
}

/** With its tag, once: an answer brings the one of the mail before along, and a stranger may write one himself. */
export function withSubjectTag(header: Header, tag: string | null, tags: SubjectTags): Header {
  const ours = Object.values(tags).filter((each): each is string => each !== null);
  const subject = header.get('Subject') ?? '';
  if (ours.length === 0) return header;
  const bare = ours
    .reduce((text, each) => text.replaceAll(each, ' '), subject)
    .replace(/\s+/g, ' ')
    .trim();
  const tagged = tag === null ? bare : `${tag} ${bare}`.trim();
  // Of several subjects, which no mail may have, the first stays: in another one a stranger may have written a tag.
  return tagged === subject && header.getAll('Subject').length <= 1
    ? header
    : header.replace('Subject', tagged);
}
