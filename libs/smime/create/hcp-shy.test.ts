// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { entityOf, hcpShy, protectMessage, softwareSigner, softwareUnwrapper } from '../index.ts';
import { bytesOf, openBytes } from '../testing/opening.ts';
import { opensslWorkshop, type OpensslWorkshop } from '../testing/openssl-workshop.ts';

let workshop: OpensslWorkshop;
beforeAll(async () => {
  workshop = await opensslWorkshop();
});
afterAll(() => workshop.close());

/** What stands outside; the decoded value is what a field keeps that is left alone. */
const shown = (name: string, written: string) => hcpShy(name, 'AS IT IS', written);

it('hides names, the time zone and the subject, as the example of RFC 9788, C.3.4 does', async () => {
  const reader = await workshop.issue(await workshop.authority('Root'));
  const original =
    'Subject: smime-signed-enc-hp-shy-legacy\r\nMessage-ID: <smime-signed-enc-hp-shy-legacy@example>\r\n' +
    'From: Alice <alice@smime.example>\r\nTo: Bob <bob@smime.example>\r\n' +
    'Date: Sat, 20 Feb 2021 10:13:02 -0500\r\nUser-Agent: Sample MUA Version 1.0\r\n\r\nThis is the message.\r\n';
  const { message } = await protectMessage(entityOf(Buffer.from(original)), {
    signer: softwareSigner({ key: reader.keyPem, certificate: reader.certificate }),
    signingTime: new Date(),
    recipients: [reader.certificate],
    headerProtection: hcpShy,
  });
  const opened = await openBytes(await bytesOf(message), {
    unwrappers: [softwareUnwrapper({ key: reader.keyPem, certificate: reader.certificate })],
  });
  const outside = [
    'Subject: [...]',
    'Message-ID: <smime-signed-enc-hp-shy-legacy@example>',
    'From: alice@smime.example',
    'To: bob@smime.example',
    'Date: Sat, 20 Feb 2021 15:13:02 +0000',
    'User-Agent: Sample MUA Version 1.0',
  ];
  expect((await bytesOf(message)).toString().split('\r\n').slice(0, outside.length)).toEqual(outside);
  expect(opened.contentHeader?.getAll('HP-Outer')).toEqual(outside);
  expect(opened.contentHeader?.get('From')).toBe('Alice <alice@smime.example>');
});

it.each([
  ['from', 'Alice <alice@a.example>', 'alice@a.example'],
  ['from', '<alice@a.example>', 'alice@a.example'],
  ['from', 'alice@a.example (Alice)', 'alice@a.example'],
  ['from', '"Lovelace, Alice" (at home) <"a b"@[192.0.2.1]>', '"a b"@[192.0.2.1]'],
  ['from', '=?utf-8?q?=3Cx=40y.example=3E=2C?= <alice@a.example>', 'alice@a.example'],
  [
    'to',
    'Joe Q. Public <joe@a.example>, Bl\u00e5 <b@b.example>,c@c.example',
    'joe@a.example, b@b.example, c@c.example',
  ],
  ['cc', '"q <x@y.example>, \\"z" <b@b.example>', 'b@b.example'],
  ['date', 'Sat, 20 Feb 2021 10:13:02 -0500 (EST)', 'Sat, 20 Feb 2021 15:13:02 +0000'],
  ['date', '1 Jan 2026 00:30 +0100', 'Wed, 31 Dec 2025 23:30:00 +0000'],
  ['date', 'Fri, 02 Jan 2026 12:00:00 EST', 'Fri, 02 Jan 2026 17:00:00 +0000'],
  ['subject', 'Secret', '[...]'],
  ['keywords', 'merger', null],
  ['comments', 'between us', null],
])('%s: %j stands outside as %j', (name, written, expected) => {
  expect(shown(name, written)).toBe(expected);
});

it.each([
  ['from', 'Alice <alice@a.example>, Bob <bob@b.example>'],
  ['from', 'Alice'],
  ['to', 'undisclosed-recipients:;'],
  ['to', 'Friends: a@a.example, b@b.example;'],
  ['to', 'Nobody, b@b.example'],
  ['to', 'a@a.example b@b.example'],
  ['to', 'Bl\u00e5 <bl\u00e5@a.example>'],
  ['to', 'a@a.example,'],
  ['cc', ''],
  ['date', 'yesterday'],
  ['date', 'Sat, 20 Feb 2021 25:61:02 -0500'],
  ['date', 'Sat, 20 Feb 2021 10:13:02'],
  ['sender', 'Alice <alice@a.example>'],
  ['x-anything', 'a'],
])('%s: %j is left as it is, for it is not of a form that could be shortened safely', (name, written) => {
  expect(shown(name, written)).toBe('AS IT IS');
});

it('loses no address and makes none up, whatever the names beside them', () => {
  const address = fc.constantFrom('a@a.example', 'b.c@d.example', '"x y"@z.example');
  const name = fc.string({ maxLength: 20 }).map((text) => `"${text.replaceAll(/["\\\r\n]/g, '')}"`);
  const mailbox = fc.record({ name: fc.option(name), address });
  fc.assert(
    fc.property(fc.array(mailbox, { minLength: 1, maxLength: 6 }), (mailboxes) => {
      const written = mailboxes.map(({ name: its, address: to }) => (its === null ? to : `${its} <${to}>`));
      expect(shown('to', written.join(', '))).toBe(mailboxes.map(({ address: to }) => to).join(', '));
    }),
  );
});

it('takes no longer for a long name that leads to no address', () => {
  const begun = performance.now();
  for (const part of ['a', 'a ', '. ', '"a" ', '(a) ', ' ', '\u00e5', '"', '(', 'a@', 'a@a.', '<', 'a@a ']) {
    expect(shown('to', part.repeat(50_000))).toBe('AS IT IS');
  }
  expect(performance.now() - begun).toBeLessThan(5_000);
});
