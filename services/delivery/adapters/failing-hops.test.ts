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

it('tells who was waited for in vain from who only failed within a short wait', () => {
  let now = 0;
  const failing = failingHops(() => now);
  failing.failed(first, 'short');
  expect(failing.waitedInVain(first)).toBe(false);
  failing.failed(first, 'full');
  expect(failing.waitedInVain(first)).toBe(true);
  now = 5 * MINUTE;
  expect(failing.waitedInVain(first)).toBe(false);
});
