// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import {
  entityOf,
  hcpBaseline,
  hcpNoConfidentiality,
  protectMessage,
  softwareSigner,
  type HeaderConfidentialityPolicy,
} from '../index.ts';
import { opensslWorkshop, type Identity, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

const signingTime = new Date();
let workshop: OpensslWorkshop;
let authority: Identity;
let aske: Identity;
let bob: Identity;
beforeAll(async () => {
  workshop = await opensslWorkshop();
  authority = await workshop.authority('Root');
  [aske, bob] = await Promise.all([workshop.issue(authority), workshop.issue(authority)]);
});
afterAll(() => workshop.close());

async function protect(
  lines: readonly string[],
  headerProtection: HeaderConfidentialityPolicy,
  recipients: Identity[],
) {
  const { message, headerProtection: hp } = await protectMessage(
    entityOf(Buffer.from(lines.join('\r\n'), 'latin1')),
    {
      signer: softwareSigner({ key: aske.keyPem, certificate: aske.certificate }),
      signingTime,
      recipients: recipients.map(({ certificate }) => certificate),
      headerProtection,
    },
  );
  const text = (await buffer(message.open())).toString('latin1');
  expect(text).toHaveLength(message.size);
  const file = await workshop.save(message);
  const signed = recipients.length > 0 ? await workshop.decrypt(file, bob) : file;
  const inner = await readFile(await workshop.verify(signed, authority), 'latin1');
  return { hp, outer: text.slice(0, text.indexOf('MIME-Version')), text, inner };
}

const MESSAGE = [
  'Received: from a by b; Mon, 1 Jan 2029 00:00:00 +0000',
  'From: Aske <aske@a.example>',
  'To: Bob\r\n <bob@b.example>',
  'Bcc: secret@c.example',
  'Subject: =?utf-8?q?Kl=C3=B8verblad?=',
  'Thread-Topic: =?utf-8?q?Kl=C3=B8verblad?=',
  'Keywords: merger',
  'Comments: between us',
  'HP-Outer: Subject: forged',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hej Bob\r\n',
];

describe('the header of an encrypted message', () => {
  it('hides under hcp_baseline subject, keywords and comments, and tells inside what stands outside', async () => {
    const { hp, outer, text, inner } = await protect(MESSAGE, hcpBaseline, [bob]);
    expect(hp).toBe('cipher');
    expect(outer).toBe(
      'Received: from a by b; Mon, 1 Jan 2029 00:00:00 +0000\r\nFrom: Aske <aske@a.example>\r\n' +
        'To: Bob\r\n <bob@b.example>\r\nSubject: [...]\r\n',
    );
    expect(inner).toBe(
      'From: Aske <aske@a.example>\r\nTo: Bob\r\n <bob@b.example>\r\n' +
        'Subject: =?utf-8?q?Kl=C3=B8verblad?=\r\nThread-Topic: =?utf-8?q?Kl=C3=B8verblad?=\r\n' +
        'Keywords: merger\r\nComments: between us\r\n' +
        'HP-Outer: From: Aske <aske@a.example>\r\nHP-Outer: To: Bob\r\n <bob@b.example>\r\n' +
        'HP-Outer: Subject: [...]\r\n' +
        'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8;\r\n hp="cipher"\r\n\r\nHej Bob\r\n',
    );
    expect(text).not.toMatch(/merger|between us|verblad|secret@c/);
  });

  it('stays readable under hcp_no_confidentiality, and is protected all the same', async () => {
    const { outer, inner } = await protect(MESSAGE, hcpNoConfidentiality, [bob]);
    expect(outer).toContain('Subject: =?utf-8?q?Kl=C3=B8verblad?=\r\nThread-Topic: ');
    expect(outer).toContain('Keywords: merger\r\n');
    expect(inner).toContain('HP-Outer: Subject: =?utf-8?q?Kl=C3=B8verblad?=\r\nHP-Outer: Thread-Topic: ');
    expect(inner).toContain('HP-Outer: Keywords: merger\r\n');
    expect(inner).toContain('hp="cipher"');
  });

  it('follows a policy of one’s own, which sees names in lower case and values decoded', async () => {
    const seen: [string, string][] = [];
    const { outer, inner } = await protect(
      ['SUBJECT: =?utf-8?q?Bl=C3=A5b=C3=A6r?=', '', 'x'],
      (name, value) => {
        seen.push([name, value]);
        return 'Røde bær';
      },
      [bob],
    );
    expect(seen).toEqual([['subject', 'Blåbær']]);
    expect(outer).toMatch(/^SUBJECT: =\?UTF-8\?Q\?R=C3=B8de_b=C3=A6r\?=\r\n$/);
    expect(inner).toContain(`HP-Outer: ${outer}`);
  });

  it('has no line too long inside, where a field was nearly that long', async () => {
    const { inner } = await protect([`Subject: ${'x'.repeat(985)}`, '', 'x'], hcpNoConfidentiality, [bob]);
    expect(inner).toContain(`HP-Outer:\r\n Subject: ${'x'.repeat(985)}\r\n`);
    expect(Math.max(...inner.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });
});

describe('the header of a message that is signed only', () => {
  it('is copied inside, says so, and stands outside as it was', async () => {
    const { hp, outer, inner } = await protect(MESSAGE, hcpBaseline, []);
    expect(hp).toBe('clear');
    expect(outer).toContain('Subject: =?utf-8?q?Kl=C3=B8verblad?=\r\nThread-Topic: ');
    expect(inner).toContain('Subject: =?utf-8?q?Kl=C3=B8verblad?=\r\n');
    expect(inner).toContain('Content-Type: text/plain; charset=utf-8;\r\n hp="clear"\r\n');
    expect(inner).not.toContain('HP-Outer');
  });

  it('makes it opaque where the header that is signed is not 7-bit', async () => {
    const { text } = await protect(['Subject: bl\u00e5', '', 'x'], hcpBaseline, []);
    expect(text).toContain('smime-type=signed-data');
  });
});

it.each([
  ['text/plain', 'text/plain;\r\n hp="cipher"'],
  ['text/plain; charset="a;hp=x";', 'text/plain; charset="a;hp=x";\r\n hp="cipher"'],
  ['text/plain; hp="clear"; charset=utf-8', 'text/plain; charset=utf-8;\r\n hp="cipher"'],
  ['text/plain;\r\n HP = clear', 'text/plain;\r\n hp="cipher"'],
  [`text/plain; hp*=us-ascii''clear; x="\\";hp=1"`, 'text/plain; x="\\";hp=1";\r\n hp="cipher"'],
])('a body of %j has one parameter hp, ours', async (given, expected) => {
  const { inner } = await protect([`Content-Type: ${given}`, '', 'x'], hcpBaseline, [bob]);
  expect(inner).toBe(`Content-Type: ${expected}\r\n\r\nx`);
});

describe.each([
  'multipart/signed; boundary=b; protocol="application/pkcs7-signature"',
  'application/pkcs7-mime; smime-type=enveloped-data',
  'multipart/encrypted; boundary=b',
])('a body of %s, a cryptographic layer already', (type) => {
  const message = ['Subject: seen', `Content-Type: ${type}`, '', '--b--'];

  it('is left as it is, and the subject stands beside it, inside the encryption alone', async () => {
    const { hp, outer, inner } = await protect(message, hcpBaseline, [bob]);
    expect(hp).toBe('cipher');
    expect(outer).toBe('Subject: [...]\r\n');
    expect(inner).toBe(
      `Subject: seen\r\nHP-Outer: Subject: [...]\r\nContent-Type: ${type};\r\n hp="cipher"\r\n\r\n--b--`,
    );
  });

  it('keeps the header it has where it is signed only', async () => {
    const { hp, outer, inner } = await protect(message, hcpBaseline, []);
    expect(hp).toBeNull();
    expect(outer).toBe('Subject: seen\r\n');
    expect(inner).toBe(`Content-Type: ${type}\r\n\r\n--b--`);
  });
});
