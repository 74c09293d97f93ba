// SPDX-License-Identifier: Apache-2.0
import { headerWith } from '../testing/header.ts';
import { goesInCircles } from './mail-loop.ts';

const hops = (count: number) =>
  Array.from({ length: count }, (_, index) => `Received: by mx${index}.example; Thu, 01 Jan 2026`);

const hostname = 'gateway.example';
const by = (host: string) =>
  `Received: from x.example ([192.0.2.1]) by ${host} (Secure@Mail) with ESMTPS id 1; now`;
const ours = [by(hostname)];
const times = (count: number, ...lines: string[]) => Array.from({ length: count }, () => lines).flat();

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
    ['one that came back four times', 'internet', times(4, by(hostname)), false],
    ['one that comes back for ever', 'internet', times(5, by('GATEWAY.example'), by('other.example')), true],
    [
      'one that two other organisations with Secure@Mail passed on to each other',
      'internet',
      [...times(9, by('other.example'), by('not-gateway.example')), by(hostname)],
      false,
    ],
    ['one that was ours, which a person sends anew', 'submission', ['X-SecureMail-Id: 1'], false],
    ['one that was ours, over REST', 'rest', ['X-SecureMail-Id: 1'], false],
  ] as const)('%s over %s', async (_case, channel, lines, circles) => {
    expect(goesInCircles(await headerWith('From: anna@demo.example', ...lines), { channel, hostname })).toBe(
      circles,
    );
  });
});
