// SPDX-License-Identifier: Apache-2.0
import type { MimeEntity } from '@securemail/smime';
import { textOf } from '../task.ts';

const CHUNK = 64 * 1024;

/** A text entity of so many octets that lies nowhere: it is generated whenever it is read. @param given is called with every piece. */
export function generated(size: number, given: () => void = () => undefined): MimeEntity {
  const start = textOf(CHUNK);
  const rest = Buffer.from(
    start
      .toString('latin1')
      .replace(/^[^]*?\r\n\r\n/, '')
      .padEnd(CHUNK, '.'),
    'latin1',
  );
  return {
    size,
    // eslint-disable-next-line @typescript-eslint/require-await -- the consumer wants an asynchronous source
    async *open() {
      yield start.subarray(0, Math.min(CHUNK, size));
      for (let at = CHUNK; at < size; at += CHUNK) {
        given();
        yield rest.subarray(0, Math.min(CHUNK, size - at));
      }
    },
  };
}
