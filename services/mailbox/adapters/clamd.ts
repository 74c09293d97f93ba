// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import type { ClamavSettings } from '../settings.ts';

/** Octets of an answer; clamd's have some dozen. */
const LONGEST_ANSWER = 4_096;

export type Scanned =
  | { verdict: 'clean' }
  /** `unscannable`: too large, nested too deeply, or encrypted. */
  | { verdict: 'harmful' | 'unscannable'; found: string };

/**
 * Has clamd look into a content (INSTREAM, clamd(8)): one command and one answer, for which no client is needed that
 * also starts programs and reads folders.
 *
 * @returns what it says, and what it calls that.
 * @throws where it does not say so: not reachable, too slow, too much for it, or anything else.
 */
export async function askClamd(
  { timeoutSeconds, ...place }: ClamavSettings,
  content: AsyncIterable<Uint8Array>,
  closing: AbortSignal,
): Promise<Scanned> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutSeconds * 1_000)]);
  const source = Readable.from(framed(content));
  const socket = 'socket' in place ? connect(place.socket) : connect(place.port, place.host);
  try {
    return readAnswer(
      await new Promise<string>((resolve, reject) => {
        let answer = '';
        socket.setEncoding('latin1').on('data', (text: string) => {
          answer += text;
          const end = answer.indexOf('\0');
          if (end >= 0) resolve(answer.slice(0, end));
          else if (answer.length > LONGEST_ANSWER) reject(new Error('clamd answered without end'));
        });
        socket.on('error', reject);
        socket.once('close', () => {
          reject(new Error('clamd ended without an answer'));
        });
        source.on('error', reject);
        const giveUp = () => {
          reject(new Error(closing.aborted ? 'the service ends' : 'clamd took too long'));
        };
        signal.addEventListener('abort', giveUp);
        if (signal.aborted) giveUp();
        source.pipe(socket, { end: false });
      }),
    );
  } finally {
    source.destroy();
    socket.destroy();
  }
}

async function* framed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  yield Buffer.from('zINSTREAM\0');
  for await (const piece of content) {
    // A length of zero is the end.
    if (piece.length === 0) continue;
    yield lengthOf(piece.length);
    yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  }
  yield lengthOf(0);
}

function lengthOf(octets: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets);
  return length;
}

/** No software is found in these: it could not look into all of it (`AlertExceedsMax`, `AlertEncrypted`). */
const NOT_LOOKED_INTO = /^Heuristics\.(Limits\.Exceeded|Encrypted)(\.|$)/;

function readAnswer(answer: string): Scanned {
  if (answer === 'stream: OK') return { verdict: 'clean' };
  const [, found] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
  if (found === undefined) throw new Error(`clamd said “${answer}”`);
  return { verdict: NOT_LOOKED_INTO.test(found) ? 'unscannable' : 'harmful', found };
}
