// SPDX-License-Identifier: Apache-2.0
import { failingHops } from './failing-hops.ts';
import type { NextHop } from './smtp-connection.ts';

const hop = (host: string): NextHop => ({ host, port: 25, tls: { kind: 'opportunistic' } });
const [first, second, third] = ['first', 'second', 'third'].map(hop) as [NextHop, NextHop, NextHop];
const MINUTE = 60_000;

it('a server that failed comes last for five minutes from its first failure, or until it works', () => {
  let now = 0;
  const failing = failingHops(() => now);
  const order = () => {
    const routed = failing.inOrder({ kind: 'hops', hops: [first, second, third] });
    return routed.kind === 'hops' ? routed.hops.map(({ host }) => host) : [];
  };
  failing.failed(first, 'short');
  expect(order()).toEqual(['second', 'third', 'first']);
  now = 4 * MINUTE;
  failing.failed(first, 'short');
  failing.failed(second, 'full');
  expect(order()).toEqual(['third', 'first', 'second']);
  now = 5 * MINUTE;
  expect(order()).toEqual(['first', 'third', 'second']);
  failing.works(second);
  expect(order()).toEqual(['first', 'second', 'third']);
});

it('the last one is waited for as long as RFC 5321 would, unless that was in vain lately', () => {
  let now = 0;
  const failing = failingHops(() => now);
  expect(failing.patienceFor(first, [second])).toBe('short');
  failing.failed(first, 'short');
  expect(failing.patienceFor(first, [])).toBe('full');
  failing.failed(first, 'full');
  expect(failing.patienceFor(first, [])).toBe('short');
  now = 5 * MINUTE;
  expect(failing.patienceFor(first, [])).toBe('full');
});

it('one before a dead one is waited for as well, once it is known that there is no other', () => {
  const failing = failingHops(() => 0);
  failing.failed(first, 'short');
  failing.failed(second, 'full');
  expect(failing.patienceFor(first, [second])).toBe('full');
  expect(failing.patienceFor(first, [second, third])).toBe('short');
});
