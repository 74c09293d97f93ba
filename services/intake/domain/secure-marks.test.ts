// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { readMarks } from './secure-marks.ts';

const MARKS = {
  header: 'X-Send-Securely',
  subjectTags: ['[secure]', '[sikker]'],
  sensitivities: ['private', 'Company-Confidential'],
};

describe('asking to send securely', () => {
  it.each([
    ['a header', ['X-Send-Securely: yes', 'Subject: Journal'], 'header', 'Journal'],
    ['a header that says no', ['X-Send-Securely: false', 'Subject: Journal'], null, 'Journal'],
    ['a header that says no in other words', ['X-Send-Securely: NO ', 'Subject: Journal'], null, 'Journal'],
    ['a header that says nothing', ['X-Send-Securely:', 'Subject: Journal'], null, 'Journal'],
    [
      'two headers that contradict each other: the one that asks counts',
      ['X-Send-Securely: 0', 'x-send-securely: 1', 'Subject: Journal'],
      'header',
      'Journal',
    ],
    ['a tag in front', ['Subject: [secure] Journal'], 'subject-tag', 'Journal'],
    ['a tag and nothing else', ['Subject: [secure]'], 'subject-tag', ''],
    ['a tag inside a word', ['Subject: Jour[secure]nal'], 'subject-tag', 'Jour nal'],
    [
      'a tag in any case, anywhere, twice',
      ['Subject: Re: [SECURE] Journal [sikker]'],
      'subject-tag',
      'Re: Journal',
    ],
    [
      'a tag before which a mail program wrote that it answers, as one that the gateway wrote for the reader',
      ['Subject: Re: [sikker] Re: Journal', 'Thread-Topic: SV: [sikker] SV: Journal'],
      'subject-tag',
      'Re: Journal',
    ],
    [
      'a tag that only its neighbours make, when the one inside is gone',
      ['Subject: [sec[secure]ure] Journal'],
      'subject-tag',
      '[sec ure] Journal',
    ],
    [
      'a tag inside an encoded word',
      ['Subject: =?utf-8?Q?=5Bsikker=5D_Bl=C3=A5b=C3=A6r?='],
      'subject-tag',
      'Blåbær',
    ],
    ['a sensitivity', ['Sensitivity: Private', 'Subject: Journal'], 'sensitivity', 'Journal'],
    ['one of two', ['Sensitivity: Personal', 'Sensitivity: company-confidential'], 'sensitivity', undefined],
    ['another sensitivity', ['Sensitivity: Personal', 'Subject: Journal'], null, 'Journal'],
    ['a header that says no, and a tag', ['X-Send-Securely: no', 'Subject: [secure] J'], 'subject-tag', 'J'],
    ['nothing', ['Subject: Journal'], null, 'Journal'],
  ])('%s', async (_case, lines, askedBy, subject) => {
    const read = readMarks(await headerWith(...lines), MARKS);
    expect(read.askedBy).toBe(askedBy);
    expect(read.header.get('Subject')).toBe(subject);
    expect(read.header.get('X-Send-Securely')).toBeUndefined();
  });

  it.each(['(a|b)', 'Å*?', '$1.00^', String.raw`\d`, '{/}+'])(
    'a tag means its letters and no pattern: %s',
    async (tag) => {
      const marks = { ...MARKS, subjectTags: [tag] };
      const tagged = readMarks(await headerWith(`Subject: ${tag} Journal`), marks);
      expect([tagged.askedBy, tagged.header.get('Subject')]).toEqual(['subject-tag', 'Journal']);
      expect(readMarks(await headerWith('Subject: a b 5 1 Journal'), marks).askedBy).toBeNull();
    },
  );

  it.each(['NFC', 'NFD'] as const)('a tag is found however its letters are composed (%s)', async (form) => {
    const other = form === 'NFC' ? 'NFD' : 'NFC';
    const marks = { ...MARKS, subjectTags: ['[\u00e5ben-nej]'.normalize(form)] };
    const subject = '[\u00c5BEN-nej] Bl\u00e5b\u00e6r'.normalize(other);
    const read = readMarks(await headerWith(`Subject: ${subject}`, `Thread-Topic: ${subject}`), marks);
    expect(read.askedBy).toBe('subject-tag');
    for (const field of ['Subject', 'Thread-Topic']) expect(read.header.get(field)).toBe('Bl\u00e5b\u00e6r');
    const untouched = 'Bl\u00e5b\u00e6r'.normalize(other);
    expect(readMarks(await headerWith(`Subject: ${untouched}`), marks).header.get('Subject')).toBe(untouched);
  });

  it('a tag goes from where Outlook copies the subject, too, and nothing else does', async () => {
    const topic = async (...lines: string[]) =>
      readMarks(await headerWith(...lines), MARKS).header.get('Thread-Topic');
    expect(await topic('Subject: Re: [secure] Journal', 'Thread-Topic: [secure] Journal')).toBe('Journal');
    expect(await topic('Subject: [secure] Journal')).toBeUndefined();
    expect(await topic('Subject: Journal', 'Thread-Topic: [secure] Journal')).toBe('[secure] Journal');
  });

  it('a tag that is a word is none within a longer one', async () => {
    const marks = { ...MARKS, subjectTags: ['sikker'] };
    const read = async (subject: string) => {
      const { askedBy, header } = readMarks(await headerWith(`Subject: ${subject}`), marks);
      return [askedBy, header.get('Subject')];
    };
    const within = 'Forsikkerhed og usikkerheden';
    expect(await read(within)).toEqual([null, within]);
    expect(await read(`sikker: ${within}`)).toEqual(['subject-tag', `: ${within}`]);
    expect(await read(`${within} (SIKKER)`)).toEqual(['subject-tag', expect.stringContaining(within)]);
  });

  it('the longest subject full of tags is read at once', async () => {
    const read = readMarks(await headerWith(`Subject: ${'[secure] '.repeat(7_000)}Journal`), MARKS);
    expect(read.header.get('Subject')).toBe('Journal');
  });

  it('without tags of the tenant no subject asks', async () => {
    const header = await headerWith('Subject: [secure] Journal');
    expect(readMarks(header, { ...MARKS, subjectTags: [] }).askedBy).toBeNull();
  });

  it('leaves the sensitivity for the reader, and a subject without a tag byte for byte', async () => {
    const header = await headerWith('Sensitivity: Private', 'Subject: =?utf-8?B?QmzDpWLDpnI=?=', ' folded');
    expect(readMarks(header, MARKS).header.toBuffer()).toEqual(header.toBuffer());
  });
});
