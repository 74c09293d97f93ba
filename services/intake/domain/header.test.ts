// SPDX-License-Identifier: Apache-2.0
import { newEmailId } from '@securemail/contracts';
import { readHeader, type Header } from '@securemail/mime';
import { readMarks } from './secure-marks.ts';
import { withTraceFields } from './trace-fields.ts';

const MARKS = {
  header: 'X-Send-Securely',
  subjectTags: ['[secure]', '[sikker]'],
  sensitivities: ['private'],
};

async function headerOf(...lines: string[]): Promise<Header> {
  const bytes = Buffer.from([...lines, '', ''].join('\r\n'));
  const { header } = await readHeader(
    // eslint-disable-next-line @typescript-eslint/require-await -- the reader wants an asynchronous source
    (async function* () {
      yield bytes;
    })(),
  );
  return header;
}

describe('asking to send securely', () => {
  it.each([
    ['a header', ['X-Send-Securely: yes', 'Subject: Journal'], 'header', 'Journal'],
    ['a header that says no', ['X-Send-Securely: false', 'Subject: Journal'], null, 'Journal'],
    ['a tag in front', ['Subject: [secure] Journal'], 'subject-tag', 'Journal'],
    [
      'a tag in any case, anywhere, twice',
      ['Subject: Re: [SECURE] Journal [sikker]'],
      'subject-tag',
      'Re: Journal',
    ],
    [
      'a tag inside an encoded word',
      ['Subject: =?utf-8?Q?=5Bsikker=5D_Bl=C3=A5b=C3=A6r?='],
      'subject-tag',
      'Blåbær',
    ],
    ['a sensitivity', ['Sensitivity: Private', 'Subject: Journal'], 'sensitivity', 'Journal'],
    ['another sensitivity', ['Sensitivity: Personal', 'Subject: Journal'], null, 'Journal'],
    ['nothing', ['Subject: Journal'], null, 'Journal'],
  ])('%s', async (_case, lines, askedBy, subject) => {
    const read = readMarks(await headerOf(...lines), MARKS);
    expect(read.askedBy).toBe(askedBy);
    expect(read.header.get('Subject')).toBe(subject);
    expect(read.header.get('X-Send-Securely')).toBeUndefined();
  });

  it('leaves a subject without a tag byte for byte', async () => {
    const header = await headerOf('Subject: =?utf-8?B?QmzDpWLDpnI=?=', ' folded');
    expect(readMarks(header, MARKS).header.toBuffer()).toEqual(header.toBuffer());
  });
});

describe('the header that is stored', () => {
  const handover = {
    emailId: newEmailId(),
    hostname: 'gateway.example',
    protocol: 'ESMTPSA',
    at: new Date('2026-01-01T00:00:00Z'),
  };

  it('has our trace on top, and a Message-ID and Date where there were none', async () => {
    const header = withTraceFields(await headerOf('From: anna@demo.example'), handover);
    expect(header.fields[0]?.name).toBe('Received');
    expect(header.get('Received')).toBe(
      `by gateway.example (Secure@Mail) with ESMTPSA id ${handover.emailId}; Thu, 01 Jan 2026 00:00:00 +0000`,
    );
    expect(header.get('Message-ID')).toBe(`<${handover.emailId}@gateway.example>`);
    expect(header.get('Date')).toBe('Thu, 01 Jan 2026 00:00:00 +0000');
  });

  it('has neither blind copies nor fields that only we may set', async () => {
    const header = withTraceFields(
      await headerOf(
        'From: a@demo.example',
        'Bcc: kim@c.example',
        'X-SecureMail-Verdict: valid',
        'X-SecureMail-Id: forged',
        'Message-ID: <1@x>',
      ),
      handover,
    );
    expect(header.get('Bcc')).toBeUndefined();
    expect(header.get('X-SecureMail-Verdict')).toBeUndefined();
    expect(header.getAll('X-SecureMail-Id')).toEqual([handover.emailId]);
    expect(header.get('Message-ID')).toBe('<1@x>');
  });
});
