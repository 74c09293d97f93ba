// SPDX-License-Identifier: Apache-2.0
import { aroundMarks, folded, type Header } from '@securemail/mime';
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
  const bare = withoutTags(subject.replaceAll(OVERRIDES, ''), ours);
  const tagged = tag === null ? bare : `${tag} ${bare}`.trim();
  // Of several subjects, which no mail may have, the first stays: in another one a stranger may have written a tag; and
  // in UTF-7, which nothing of ours decodes, other programs may read one.
  return tagged === subject && header.getAll('Subject').length <= 1 && !isInUtf7(header)
    ? header
    : header.replace('Subject', tagged);
}

/** They have Latin letters stand from right to left, so that a word is seen that is not there; no subject needs them. */
const OVERRIDES = /[\u202d\u202e]/g;

const isInUtf7 = ({ fields }: Header): boolean =>
  fields.some(
    ({ name, raw }) => name.toLowerCase() === 'subject' && /=\?[^?]*utf-?7/i.test(raw.toString('latin1')),
  );

interface Letter {
  /** As it looks. */
  looks: string;
  /** Where it is in the subject, with what nobody sees behind it. */
  from: number;
  to: number;
}

/** Whatever looks like one of them goes, and what looks like one once another is gone. */
function withoutTags(subject: string, tags: readonly string[]): string {
  const wanted = tags.map(folded).filter((tag) => tag !== '');
  const characters = Array.from(subject);
  const gone = new Set<number>();
  const letters: Letter[] = [];
  let goneTo = -1;
  for (const [at, character] of characters.entries()) {
    const looks = folded(character);
    const last = letters.at(-1);
    if (looks === '' && character.trim() !== '') {
      if (goneTo === at) {
        gone.add(at);
        goneTo = at + 1;
      } else if (last?.to === at) last.to = at + 1;
    }
    for (const each of looks.split('')) {
      letters.push({ looks: each, from: at, to: at + 1 });
      const tag = wanted.find((one) => endsWith(letters, one));
      if (tag === undefined) continue;
      for (const { from, to } of letters.splice(-tag.length))
        for (let each = from; each < to; each += 1) gone.add(each);
      goneTo = at + 1;
    }
  }
  const pieces = [''];
  for (const [at, character] of characters.entries())
    if (!gone.has(at)) pieces.push((pieces.pop() ?? '') + character);
    else if (pieces.at(-1) !== '') pieces.push('');
  return aroundMarks(pieces).replace(/\s+/g, ' ').trim();
}

const endsWith = (letters: readonly Letter[], tag: string) =>
  letters.length >= tag.length &&
  tag.split('').every((each, index) => letters[letters.length - tag.length + index]?.looks === each);
