// SPDX-License-Identifier: Apache-2.0
import { concat } from '../octets.ts';

/** No event is nearly as long. Octets. */
export const LONGEST_LINE = 8 * 1024 * 1024;

export class LineTooLongError extends Error {
  override name = 'LineTooLongError';
}

const LINE_END = 0x0a;

/** Lines with their ends; the last one without where it has none. @throws LineTooLongError */
export async function* linesIn(
  octets: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let begun: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of octets) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      const rest = chunk.subarray(from, end + 1);
      yield begun.length === 0 ? rest : concat(...begun, rest);
      [begun, length, from] = [[], 0, end + 1];
    }
    if (from === chunk.length) continue;
    begun.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE) throw new LineTooLongError(`a line is longer than ${LONGEST_LINE} octets`);
  }
  if (length > 0) yield concat(...begun);
}
