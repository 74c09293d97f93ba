// SPDX-License-Identifier: Apache-2.0

/** A JSON object as text, or what is wrong; by the line that it begins on. */
export type JsonRecord = { line: number; text: string } | { line: number; broken: string };

/** Of an object, in characters. What is longer is passed over without being kept. */
const LONGEST = 64 * 1024;

/**
 * Cuts a JSON array of objects, or objects one after the other (JSON lines), into its objects as they come, in the memory
 * of one of them. What an object holds is for JSON.parse to judge. Anything else that stands between them is told, and passed
 * over up to the next comma, bracket, object or line.
 */
export async function* jsonRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<JsonRecord> {
  let [line, beganOn, depth, size] = [1, 1, 0, 0];
  let text = '';
  let place: 'outside' | 'object' | 'string' | 'escape' | 'stray' | 'stray-string' | 'stray-escape' =
    'outside';
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (character === '\n') line += 1;
      if (place === 'stray-escape') {
        place = 'stray-string';
        continue;
      }
      // No string of JSON goes on behind the end of its line.
      if (place === 'stray-string' && character !== '\n') {
        if (character === '\\') place = 'stray-escape';
        if (character === '"') place = 'stray';
        continue;
      }
      if (place === 'stray' || place === 'stray-string') {
        if (character === '"') place = 'stray-string';
        if (!/[,[\]{\n]/.test(character)) continue;
        place = 'outside';
      }
      if (place === 'outside') {
        if (/[\s,[\]\ufeff]/.test(character)) continue;
        if (character !== '{') {
          yield { line, broken: 'an object such as {"domain": …, "certificate": …} is wanted here' };
          place = character === '"' ? 'stray-string' : 'stray';
          continue;
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
  if (['object', 'string', 'escape'].includes(place))
    yield { line: beganOn, broken: 'the object is not closed' };
}
