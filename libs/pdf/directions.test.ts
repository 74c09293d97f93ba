// SPDX-License-Identifier: Apache-2.0
import { getDocumentProxy } from 'unpdf';
import { directionsOf } from './directions.ts';
import { openDocument } from './index.ts';

const lineOf = (text: string, base: 'auto' | 'ltr' = 'auto') =>
  directionsOf(text, base)?.pieces(0, text.length);

it('says nothing of words that all go from left to right', () => {
  expect(directionsOf('Kære Bo (2024) Привет', 'auto')).toBeNull();
});

it.each<[text: string, pieces: string[]]>([
  ['abc שלום עולם def', ['abc ', 'שלום עולם', ' def']],
  ['שלום abc עולם', [' עולם', 'abc', 'שלום ']],
  ['בשנת 2024 היה', [' היה', '2024', 'בשנת ']],
  ['مرحبا 123', ['123', 'مرحبا ']],
  ['שלום!', ['שלום!']],
  ['abc, שלום 1 (x) עולם', ['abc, ', '1', 'שלום ', ' (x) ', 'עולם']],
  // fontkit would lay these digits out from the right, and these marks from the left.
  ['سلام ۱۲۳', ['۳۲۱', 'سلام ']],
  ['שלום abc ?!', ['!? ', 'abc', 'שלום ']],
  // A bracket shows its other side.
  ['(שלום)', [')שלום(']],
])('puts what stands in %j from the left to the right', (text, pieces) => {
  expect(lineOf(text)).toEqual(pieces);
});

it('begins lines at the right where the first letter says so, but not in rows', () => {
  expect(directionsOf('1. שלום abc', 'auto')?.fromRight).toBe(true);
  expect(directionsOf('abc שלום', 'auto')?.fromRight).toBe(false);
  expect(directionsOf('שלום abc', 'ltr')?.fromRight).toBe(false);
  expect(lineOf('אנה <a@x.example>, בו <b@x.example>', 'ltr')).toEqual([
    'אנה',
    ' <a@x.example>, ',
    'בו',
    ' <b@x.example>',
  ]);
});

it('knows each line of a paragraph', () => {
  const text = 'שלום abc עולם טוב';
  const { pieces } = directionsOf(text, 'auto') ?? { pieces: () => [] };
  expect([pieces(0, 9), pieces(9, text.length)]).toEqual([[' ', 'abc', 'שלום '], ['עולם טוב']]);
});

it('writes lines that begin at the right, none over the edge, and one under the other over pages', async () => {
  const { page, end } = openDocument({ title: 'מכתב', language: 'en', madeAt: new Date() });
  page.text('שלום לכולם, here are words (of English) ומספר 2024 בסוף. '.repeat(200));
  page.text('Next');
  const pdf = await getDocumentProxy(new Uint8Array(await end()));
  const places: { page: number; left: number; right: number; top: number; said: string }[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    for (const item of items) {
      if (!('str' in item) || item.str.trim() === '') continue;
      const [left, top] = [Number(item.transform[4]), Number(item.transform[5])];
      places.push({ page: number, left, right: left + item.width, top, said: item.str });
    }
  }
  expect(pdf.numPages).toBeGreaterThan(1);
  expect(places.at(-1)).toMatchObject({ said: 'Next', page: pdf.numPages, left: 50 });
  const lines = Map.groupBy(places.slice(0, -1), (each) => `${each.page}:${each.top}`);
  for (const [line, all] of lines) {
    const ends = all.map((each) => each.right);
    expect({ line, left: Math.min(...all.map((each) => each.left)) >= 49 }).toEqual({ line, left: true });
    expect(Math.abs(Math.max(...ends) - (595.28 - 50))).toBeLessThan(5);
  }
  expect(lines.size).toBeGreaterThan(50);
});
