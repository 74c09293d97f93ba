// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Unwrapper } from '../index.ts';
import { unwrapperOf } from '../testing/fuzz/message-target.ts';
import { outcomeOf } from '../testing/outcome.ts';
import { cmsMessage } from '../testing/sign-by-hand.ts';

/** Messages and CMS objects (`.ber`), each named for what is wrong with it. */
const folder = join(import.meta.dirname, '..', 'testdata', 'hostile');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, string>;
const files = readdirSync(folder).filter((name) => name !== 'expected.json');

let unwrappers: Unwrapper[];
beforeAll(async () => {
  unwrappers = await Promise.all(['bob', 'dana'].map(unwrapperOf));
});

it.each(files)('%s', async (name) => {
  const bytes = readFileSync(join(folder, name));
  const message = name.endsWith('.ber') ? cmsMessage(bytes) : bytes;
  expect(await outcomeOf(message, { unwrappers })).toBe(expected[name]);
});

it('nothing is expected of a file that is not there', () => {
  expect(Object.keys(expected).toSorted()).toEqual(files.toSorted());
});
