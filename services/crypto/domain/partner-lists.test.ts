// SPDX-License-Identifier: Apache-2.0
import { csvRows } from './csv.ts';
import { jsonRecords } from './json-records.ts';

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};
/** In pieces, as a file comes. */
const pieces = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );

describe('a partner list as CSV', () => {
  it.each([
    ['LF', 'a,1\nb,2\n'],
    ['CRLF', 'a,1\r\nb,2\r\n'],
    ['no end', 'a,1\nb,2'],
    ['a byte order mark', '\ufeffa,1\nb,2\n'],
    ['semicolons', 'a;1\r\nb;2\r\n'],
    ['tabs', 'a\t1\r\nb\t2\r\n'],
    ['quotes', '"a","1"\n"b","2"\n'],
    ['spaces and empty lines', ' a , 1 \n\n\nb,2\n\n'],
  ])('with %s', async (_, text) => {
    for (const size of [1, 3, 100])
      expect(
        (await all(csvRows(pieces(text, size)))).map((row) => ('fields' in row ? row.fields : row)),
      ).toEqual([
        ['a', '1'],
        ['b', '2'],
      ]);
  });

  it('has quotes with line breaks, delimiters and quotes in them, and says on which line a row begins', async () => {
    expect(await all(csvRows(['a,"1\n2,""3"""\nb,4']))).toEqual([
      { line: 1, fields: ['a', '1\n2,"3"'] },
      { line: 3, fields: ['b', '4'] },
    ]);
  });

  it.each([
    ['a quote that is not closed', 'a,"1\nb,2', [{ line: 1, broken: 'a quote is not closed' }]],
    [
      'a quote within',
      'a,1"2\nb,2',
      [
        { line: 1, broken: 'a quote is out of place' },
        { line: 2, fields: ['b', '2'] },
      ],
    ],
    [
      'text behind a quote',
      'a,"1"2\nb,2',
      [
        { line: 1, broken: 'a quote is out of place' },
        { line: 2, fields: ['b', '2'] },
      ],
    ],
    [
      'a row without end',
      `a,${'x'.repeat(70_000)}\nb,2`,
      [
        { line: 1, broken: 'it is longer than 65536 characters' },
        { line: 2, fields: ['b', '2'] },
      ],
    ],
  ])('with %s loses that row and no other', async (_, text, rows) => {
    expect(await all(csvRows(pieces(text, 1_000)))).toEqual(rows);
  });
});

describe('a partner list as JSON', () => {
  it.each([
    ['an array', '[{"a":1},{"a":2}]'],
    ['lines', '{"a":1}\n{"a":2}\n'],
    ['an array in lines, with a byte order mark', '\ufeff[\r\n  {"a": 1},\r\n  {"a": 2}\r\n]\r\n'],
  ])('is %s', async (_, text) => {
    for (const size of [1, 100]) {
      const records = await all(jsonRecords(pieces(text, size)));
      expect(
        records.map((record) => ('text' in record ? (JSON.parse(record.text) as unknown) : record)),
      ).toEqual([{ a: 1 }, { a: 2 }]);
    }
  });

  it('may have braces, quotes and backslashes in its texts', async () => {
    const text = JSON.stringify({ a: '}{"\\', b: { c: [] } });
    expect(await all(jsonRecords(pieces(text, 1)))).toEqual([{ line: 1, text }]);
  });

  it.each([
    [
      'something else',
      '{"a":1}\nhello',
      { line: 2, broken: expect.stringContaining('an object') as unknown },
    ],
    ['an object that is not closed', '{"a":1}\n{"a":', { line: 2, broken: 'the object is not closed' }],
    [
      'an object without end',
      `{"a":1}\n{"a":"${'x'.repeat(70_000)}"}`,
      { line: 2, broken: 'it is longer than 65536 characters' },
    ],
  ])('with %s says where', async (_, text, broken) => {
    expect(await all(jsonRecords([text]))).toEqual([{ line: 1, text: '{"a":1}' }, broken]);
  });

  const NO_OBJECT = { broken: expect.stringContaining('an object such as') as unknown };
  it.each([
    ['a number', '[{"a":1},\n17,\n{"a":2}]', [2]],
    ['a text, with an object in it', '[{"a":1},\n"\\"{\\"a\\":3},", {"a":2}]', [2]],
    ['several', '[null, {"a":1}, true\n, -1.5e3,{"a":2}\n"x"]', [1, 1, 2, 3]],
    ['a line of something else', '{"a":1}\nhello, world\n{"a":2}', [2, 2]],
    ['a text that is not closed', '{"a":1}\n"hello\n{"a":2}', [2]],
    ['a word before an object', '{"a":1} then {"a":2}', [1]],
  ])('with %s in it tells that, and reads on', async (_, text, lines) => {
    for (const size of [1, 100]) {
      const records = await all(jsonRecords(pieces(text, size)));
      const objects = records.flatMap((record) => ('text' in record ? [record.text] : []));
      expect(objects).toEqual(['{"a":1}', '{"a":2}']);
      expect(records.filter((record) => 'broken' in record)).toEqual(
        lines.map((line) => ({ line, ...NO_OBJECT })),
      );
    }
  });
});
