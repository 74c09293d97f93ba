// SPDX-License-Identifier: Apache-2.0

/** A JSON object as text, or what is wrong; by the line that it begins on. */
export type JsonRecord = { line: number; text: string } | { line: number; broken: string };

/** Of an object, in characters. What is longer is passed over without being kept. */
const LONGEST = 64 * 1024;

/**
 * Cuts a JSON array of objects, or objects one after the other (JSON lines), into its objects as they come, in the memory
 * of one of them. What an object holds is for JSON.parse to judge. What stands between them, and is no comma, bracket or
 * space, ends the reading: nobody knows where the next object begins.
 */
export async function* jsonRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<JsonRecord> {
  let [line, beganOn, depth, size] = [1, 1, 0, 0];
  let text = '';
  let place: 'outside' | 'object' | 'string' | 'escape' = 'outside';
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === '\n') line += 1;
      if (place === 'outside') {
        if (/[\s,[\]\ufeff]/.test(character)) continue;
        if (character !== '{') {
          yield {
            line,
            broken:
              'an object such as {"domain": …, "certificate": …} is wanted here; what follows is not read',
          };
          return;
        }
        [place, beganOn, depth, size, text] = ['object', line, 0, 0, ''];
      }
      size += 1;
      if (size <= LONGEST) text += character;
      else text = '';
      if (place === 'escape') place = 'string';
      else if (place === 'string') {
        if (character === '\\') place = 'escape';
        if (character === '"') place = 'object';
      } else if (character === '"') place = 'string';
      else if (character === '{') depth += 1;
      else if (character === '}') depth -= 1;
      if (place === 'object' && depth === 0) {
        place = 'outside';
        yield size > LONGEST
          ? { line: beganOn, broken: `it is longer than ${LONGEST} characters` }
          : { line: beganOn, text };
      }
    }
  }
  if (place !== 'outside') yield { line: beganOn, broken: 'the object is not closed' };
}
