// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/security/asvs.md'), 'utf8');
/** The numbers of the standard's points of levels 1 and 2. */
const points = readFileSync(join(import.meta.dirname, 'testing/asvs-5.0.0-level-2.txt'), 'utf8').split(/\s+/);

const lines = [...page.matchAll(/^- \*\*(V[\d.V, ]+)\*\* (.+)$/gm)].map(([, numbers = '', answer = '']) => ({
  numbers: numbers.split(', '),
  answer,
}));

it('answers every point of OWASP ASVS, levels 1 and 2, once', () => {
  const answered = lines.flatMap(({ numbers }) => numbers);
  expect(answered.toSorted()).toEqual(points.filter((each) => each !== '').toSorted());
});

it('begins each answer with what it is', () => {
  for (const { numbers, answer } of lines)
    expect([numbers, answer]).toEqual([
      numbers,
      expect.stringMatching(/^(yes|in part|no|other|operator|n\/a)\b.*\.$/),
    ]);
});

it('names files and tests that are there', () => {
  const named = [...page.matchAll(/`((?:npm test -- )?[\w.-]+\/[^`]+)`/g)].flatMap(([, text = '']) =>
    text.replace('npm test -- ', '').split(' '),
  );
  const places = named.filter((each) => /^(libs|services|apps|domain|adapters|http)\//.test(each));
  expect(places.length).toBeGreaterThan(30);
  const isThere = (place: string) =>
    [ROOT, import.meta.dirname].some((folder) =>
      ['', '.test.ts'].some((end) => existsSync(join(folder, place + end))),
    );
  expect(places.filter((place) => !isThere(place))).toEqual([]);
});
