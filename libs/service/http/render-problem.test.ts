// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemPages } from './render-problem.ts';

const folder = join(import.meta.dirname, '../../../docs/errors');

it('docs/errors/ has a page for every problem, and says what the code says (npm run docs writes it)', () => {
  const pages = problemPages();
  expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted());
  for (const [file, text] of pages) expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
});
