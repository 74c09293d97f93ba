// SPDX-License-Identifier: Apache-2.0
import type { SecureBy } from '@securemail/contracts';
import type { Header } from '@securemail/mime';

export interface Marks {
  header: string;
  subjectTags: readonly string[];
  sensitivities: readonly string[];
}

const DENIALS = new Set(['', 'false', 'no', '0']);

/** Which mark asks for *Send securely*, and the header without the marks that are for us alone. */
export function readMarks(
  header: Header,
  marks: Marks,
): { askedBy: Extract<SecureBy, 'header' | 'subject-tag' | 'sensitivity'> | null; header: Header } {
  const flag = header.get(marks.header);
  const subject = header.get('Subject') ?? '';
  const untagged = withoutTags(subject, marks.subjectTags);
  const sensitivity = header.get('Sensitivity')?.toLowerCase();
  const stripped = header.without([marks.header]);
  const clean = untagged === subject ? stripped : stripped.replace('Subject', untagged);
  if (flag !== undefined && !DENIALS.has(flag.trim().toLowerCase()))
    return { askedBy: 'header', header: clean };
  if (untagged !== subject) return { askedBy: 'subject-tag', header: clean };
  if (sensitivity !== undefined && marks.sensitivities.some((value) => value.toLowerCase() === sensitivity)) {
    return { askedBy: 'sensitivity', header: clean };
  }
  return { askedBy: null, header: clean };
}

function withoutTags(subject: string, tags: readonly string[]): string {
  let text = subject;
  for (const tag of tags) {
    for (let at = indexOfTag(text, tag); at >= 0; at = indexOfTag(text, tag)) {
      text = `${text.slice(0, at).trimEnd()} ${text.slice(at + tag.length).trimStart()}`.trim();
    }
  }
  return text;
}

const indexOfTag = (text: string, tag: string) => text.toLowerCase().indexOf(tag.toLowerCase());
