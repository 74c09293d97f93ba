// SPDX-License-Identifier: Apache-2.0
import { headerIn } from '@securemail/mime';
import { tagFor, withSubjectTag, type SubjectTags } from './subject-tag.ts';

const TAGS: SubjectTags = { secure: '[sikker]', insecure: '[usikker]', invalid: '[FALSK?]' };
const NONE: SubjectTags = { secure: null, insecure: null, invalid: null };
const header = (...subjects: string[]) =>
  headerIn(
    Buffer.from(`From: a@b.example\r\n${subjects.map((each) => `Subject: ${each}\r\n`).join('')}\r\n`),
  );

it.each([
  ['[sikker]', 'valid', 'smime'],
  ['[usikker]', 'not-signed', 'none'],
  ['[usikker]', 'valid', 'none'],
  ['[FALSK?]', 'invalid', 'smime'],
  [null, 'valid', 'tls'],
  [null, 'valid-but', 'smime'],
  [null, 'not-signed', 'smime'],
] as const)('the tag is %s for %s over %s', (tag, verdict, protection) => {
  expect(tagFor({ verdict, protection }, TAGS)).toBe(tag);
  expect(tagFor({ verdict, protection }, NONE)).toBeNull();
});

it.each([
  ['Journal', '[usikker]', '[usikker] Journal'],
  ['Re: [sikker] Journal', '[usikker]', '[usikker] Re: Journal'],
  ['Re: [sikker] Re: Journal', '[sikker]', '[sikker] Re: Journal'],
  ['Re: [sikker]\u200b [usikker] SV: [sikker] Journal', null, 'Re: Journal'],
  ['SV: [sikker] VS: Journal', '[sikker]', '[sikker] SV: VS: Journal'],
  ['[sikker] a stranger says so', null, 'a stranger says so'],
  ['', '[usikker]', '[usikker]'],
  ['Blåbær', '[sikker]', '[sikker] Blåbær'],
])('the subject %j with %j is %j', (subject, tag, tagged) => {
  expect(withSubjectTag(header(subject), tag, TAGS).getAll('Subject')).toEqual([tagged]);
});

it('without tags nothing changes, and of two subjects the first stays', () => {
  const one = header('[sikker] Journal');
  expect(withSubjectTag(one, null, NONE)).toBe(one);
  const two = header('Journal', '[sikker] Other');
  expect(withSubjectTag(two, '[usikker]', TAGS).getAll('Subject')).toEqual(['[usikker] Journal']);
  expect(withSubjectTag(two, null, TAGS).getAll('Subject')).toEqual(['Journal']);
});

it.each([
  '[SIKKER] Journal',
  '[ sikker ] Journal',
  '[sik\u200bker]\u200b Journal',
  '［sikker］ Journal',
  '[ѕіккеr] Journal',
  '[si[sikker]kker] Journal',
  '[us[sikker]ikker] Journal [Sikker]',
  'Journal\u00a0[sikke\u0301r]',
  '[SlKKER] Journal',
  '[S|KKER] Journal',
])('a tag that only looks like one of ours goes, too: %s', (subject) => {
  expect(withSubjectTag(header(subject), null, TAGS).get('Subject')).toBe('Journal');
});

it.each([
  // An encoded word in an encoded word.
  ['=?utf-8?Q?=3D=3Futf-8=3FQ=3F=5Bsikker=5D=3F=3D?= a', '[usikker]'],
  ['[sikker] =?utf-8?Q?=3D=3Futf-8=3FQ=3F=3D5Bsikker=3D5D=3F=3D?= Journal', null],
  ['=?UTF-7?Q?+AFs-sikker+AF0-?= Journal', '[usikker]'],
  ['=?UTF-7?Q?+AFs-sikker+AF0-?= Journal', null],
])(
  'what is encoded twice, or in a way that we cannot read, is no tag for others either: %s',
  (subject, tag) => {
    const tagged = withSubjectTag(header(subject), tag, TAGS);
    const [line] = tagged.fields.filter(({ name }) => name === 'Subject').map(({ raw }) => raw.toString());
    expect(line).not.toMatch(/utf-7/i);
    expect(tagged.get('Subject')).not.toMatch(/^(\[usikker\] )?\[sikker\]/);
    expect(tagged.get('Subject')!.startsWith('[usikker]')).toBe(tag !== null);
  },
);

it.each(['\u202e]rekkis[\u202c Journal', '\u202drekkis\u202e Journal'])(
  'letters are not turned round, so that a tag is seen that is not there: %j',
  (subject) => {
    expect(withSubjectTag(header(subject), null, TAGS).get('Subject')).not.toMatch(/[\u202d\u202e]/);
  },
);

it('a subject without one stays as it is', () => {
  for (const subject of ['Sikker levering [1]', '👩‍👩‍👧 e\u0301 [usikkert]']) {
    const one = header(subject);
    expect(withSubjectTag(one, null, TAGS)).toBe(one);
  }
});

it('a long subject made of halves of tags takes no longer than its length', () => {
  const subject = '[sik'.repeat(50_000) + 'ker]'.repeat(50_000);
  expect(withSubjectTag(header(subject), null, TAGS).get('Subject')).toBe('');
});
