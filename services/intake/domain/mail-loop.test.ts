// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { goesInCircles } from './mail-loop.ts';

const hops = (count: number) =>
  Array.from({ length: count }, (_, index) => `Received: by mx${index}.example; Thu, 01 Jan 2026`);

const ours = ['Received: by gateway.example (Secure@Mail) with ESMTPS id 1; Thu, 01 Jan 2026'];

describe('a mail that goes in circles', () => {
  it.each([
    ['a new mail', 'relay', [], false],
    ['one that came a long way', 'relay', hops(100), false],
    ['one that came a longer way than there is', 'relay', hops(101), true],
    ['such a one, handed in by a person', 'submission', hops(101), true],
    ['such a one, over REST', 'rest', hops(101), true],
    ['one that was ours, from an own mail server', 'relay', ['x-securemail-id: 1'], true],
    [
      'one that was ours, by a rule',
      'relay',
      ['X-SecureMail-Id: 1', 'Auto-Submitted: auto-forwarded'],
      false,
    ],
    [
      'one that was ours twice, by a rule',
      'relay',
      ['X-SecureMail-Id: 1', 'Auto-Submitted: auto-forwarded', ...ours, ...ours],
      true,
    ],
    ['one that was ours, which a person sends anew', 'submission', ['X-SecureMail-Id: 1'], false],
    ['one that was ours, over REST', 'rest', ['X-SecureMail-Id: 1'], false],
  ] as const)('%s over %s', async (_case, channel, lines, circles) => {
    expect(goesInCircles(await headerWith('From: anna@demo.example', ...lines), channel)).toBe(circles);
  });
});
