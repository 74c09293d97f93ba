// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { clientBehind } from './client-behind.ts';

const FILTER = '198.51.100.9';
const isTrusted = (address: string) => address === FILTER || address === '127.0.0.1';
const behind = async (...received: string[]) =>
  clientBehind(
    await headerWith('From: a@b.example', ...received.map((each) => `Received: ${each}`)),
    isTrusted,
  );
const POSTFIX =
  'from mx.citizen.example (mail.citizen.example [192.0.2.1])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\tby filter.example (Postfix) with ESMTPS id 4F; Thu, 1 Jan 2026 00:00:00 +0000';

it.each([
  ['Postfix', POSTFIX, '192.0.2.1'],
  [
    'Sendmail',
    'from mx.c.example (root@mx.c.example [192.0.2.1] (may be forged)) by f (8.15) id 1',
    '192.0.2.1',
  ],
  ['Exim', 'from [203.0.113.5] ([192.0.2.1] helo=mx) by f.example with esmtps', '192.0.2.1'],
  ['Exchange', 'from mx.c.example (192.0.2.1) by f.example (10.0.0.1) with Microsoft SMTP', '192.0.2.1'],
  ['IPv6', 'from mx.c.example (unknown [IPv6:2001:DB8::25]) by f.example with ESMTP', '2001:db8::25'],
])('the client in the newest field of %s', async (_, received, address) => {
  expect(await behind(received, 'from evil ([203.0.113.66]) by evil')).toMatchObject({ address });
});

it('the name that the client gave', async () => {
  expect(await behind(POSTFIX)).toEqual({ name: 'mx.citizen.example', address: '192.0.2.1' });
});

it('of several filters in a row the first one that the mail came to', async () => {
  expect(
    await behind(
      `from scan (localhost [127.0.0.1]) by in.example`,
      `from f (f.example [${FILTER}]) by scan`,
      POSTFIX,
    ),
  ).toMatchObject({ address: '192.0.2.1' });
});

it.each([
  ['no field', []],
  ['a field without an address', ['from mx.citizen.example by f.example', POSTFIX]],
  ['what the client called itself', ['from [192.0.2.1] by f.example']],
  [
    'two addresses, one of which the client wrote',
    ['from a (b [192.0.2.1]) (rdns [203.0.113.5]) by f.example'],
  ],
  ['a whole field in a name', ['from a (b [192.0.2.1]) by x (rdns [203.0.113.5]) by f.example']],
  ['filters alone', Array.from({ length: 30 }, () => `from f (f [${FILTER}]) by f`)],
  ['a field that says nothing of it', ['(qmail 12 invoked by uid 0); 1 Jan 2026']],
])('nobody is known by %s', async (_, received) => {
  expect(await behind(...received)).toBeNull();
});
