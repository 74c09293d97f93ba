// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SealedEvent } from '@securemail/contracts';
import { eventIn, leafOf } from './leaf.ts';

const EXAMPLES = join(import.meta.dirname, '../contracts/examples');
const AT = new Date('2026-11-30T08:00:00.000Z');

it.each(readdirSync(EXAMPLES))('%s goes into a leaf and comes out of it', (file) => {
  const example = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as SealedEvent;
  const event = { ...example, personal: example.personal === null ? null : 'AbC_-' };
  expect(eventIn(leafOf(event, AT))).toEqual({ event, recordedAt: AT });
});

it('has its members in the order that RFC 8785 wants, whatever order they came in', () => {
  const event = { id: 'i', name: 'A', version: 1, source: 'intake', time: 't', tenantId: 'd', emailId: 'e' };
  const more = { sequence: 1, traceparent: null, personal: null };
  const [a, b] = [
    { x: 1, a: { ö: 1e21, B: 0.1 } },
    { a: { B: 0.1, ö: 1e21 }, x: 1 },
  ].map((data) => leafOf({ ...event, ...more, data } as unknown as SealedEvent, AT));
  expect(a).toBe(b);
  expect(a).toContain('"data":{"data":{"a":{"B":0.1,"ö":1e+21},"x":1},"personal":null}');
});
