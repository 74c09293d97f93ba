// SPDX-License-Identifier: Apache-2.0
import { ByteQueue } from '../asn1/byte-queue.ts';
import {
  chunksOf,
  done,
  nextOf,
  only,
  owned,
  run,
  seen,
  settled,
  streamOf,
  taken,
  type Chunks,
  type Pause,
} from './flow.ts';

const A = Buffer.from('a');
const ignore = () => undefined;

/** One that waits for what is rejected, and catches that. */
function* catching(): Chunks<string> {
  yield A;
  try {
    yield* settled(Promise.reject(new Error('rejected')));
  } catch (error) {
    yield Buffer.from('b');
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

const textOf = async (chunks: Chunks) => {
  const all: Buffer[] = [];
  for await (const chunk of streamOf(chunks)) all.push(chunk);
  return Buffer.concat(all).toString();
};

describe('what a pause is rejected with is thrown where it was waited for', () => {
  /** Each goes through all of the chunks, and gives what they return. */
  const ways: Record<string, (chunks: Chunks<string>) => Generator<Pause | Buffer, string, void>> = {
    'yield*': (chunks) => chunks,
    seen: (chunks) => seen(chunks, ignore),
    owned: (chunks) => owned(chunks),
    taken: (chunks) => taken(chunks, ignore),
    nextOf: function* (chunks) {
      yield* nextOf(chunks);
      yield* nextOf(chunks);
      const last = yield* nextOf(chunks);
      return last.done === true ? last.value : '';
    },
    ByteQueue: function* (chunks) {
      let returned = '';
      const queue = new ByteQueue(
        (function* () {
          returned = yield* chunks;
        })(),
      );
      yield* queue.has(3);
      return returned;
    },
  };

  it.each(Object.keys(ways))('through %s', async (name) => {
    let returned = '';
    const chunks = function* (): Chunks {
      returned = yield* (ways[name] ?? ways['yield*']!)(catching());
    };
    for await (const _ of streamOf(chunks()));
    expect(returned).toBe('rejected');
  });

  it('and by run, and by streamOf, where nobody catches it', async () => {
    function* waiting(): Generator<Pause, void, void> {
      yield* settled(Promise.reject(new Error('rejected')));
    }
    await expect(run(waiting())).rejects.toThrow('rejected');
    await expect(textOf(waiting())).rejects.toThrow('rejected');
  });
});

it('chunks come as they came, without the empty ones', async () => {
  const source = (async function* () {
    yield* [A, Buffer.alloc(0)];
    await Promise.resolve();
    yield new Uint8Array([0x62]);
  })();
  expect(await textOf(chunksOf(source))).toBe('ab');
});

it('a chunk that is text is refused, and not passed over', async () => {
  const source = (async function* () {
    yield* [A];
    await Promise.resolve();
    yield 'lost' as unknown as Buffer;
  })();
  await expect(textOf(chunksOf(source))).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
});

it('what is owned stays when its source is overwritten', async () => {
  const room = Buffer.from('-');
  const overwriting = function* (): Chunks {
    for (const text of ['a', 'b', 'c']) {
      room.write(text);
      yield room;
    }
  };
  expect(await textOf(owned(overwriting()))).toBe('abc');
  const queue = new ByteQueue(overwriting());
  expect(await run(queue.has(3))).toBe(true);
  expect(queue.held.toString()).toBe('abc');
});

it('what is done needs no pause', async () => {
  expect(await run(done(1))).toBe(1);
  expect(await textOf(only(Buffer.alloc(0)))).toBe('');
});
