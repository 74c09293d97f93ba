// SPDX-License-Identifier: Apache-2.0
import { oneOf, type Random } from './random.ts';

/** Octets that lengths, tags and counters turn at. */
const EDGES = [0x00, 0x01, 0x02, 0x04, 0x1f, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xa0, 0xff] as const;
const MAX_LENGTH = 64 * 1024;
const MAX_BLOCK = 64;

type Mutation = (
  input: Buffer,
  random: Random,
  others: readonly Buffer[],
  words: readonly Buffer[],
) => Buffer;

const replaced = (input: Buffer, at: number, length: number, by: Buffer) =>
  Buffer.concat([input.subarray(0, at), by, input.subarray(at + length)]);
const place = (input: Buffer, random: Random) => random(input.length + 1);
const block = (from: Buffer, random: Random) => {
  const at = place(from, random);
  return from.subarray(at, at + 1 + random(MAX_BLOCK));
};

const flipBit: Mutation = (input, random) => {
  const copy = Buffer.from(input);
  if (copy.length === 0) return copy;
  const at = random(copy.length);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << random(8)), at);
  return copy;
};
const edge: Mutation = (input, random) =>
  replaced(input, place(input, random), random(2), Buffer.of(oneOf(random, EDGES)));
const nudge: Mutation = (input, random) => {
  const copy = Buffer.from(input);
  if (copy.length === 0) return copy;
  const at = random(copy.length);
  copy.writeUInt8((copy.readUInt8(at) + random(9) + 252) % 256, at);
  return copy;
};
const cutOut: Mutation = (input, random) =>
  replaced(input, place(input, random), 1 + random(MAX_BLOCK), Buffer.alloc(0));
const cutOff: Mutation = (input, random) => input.subarray(0, place(input, random));
const repeat: Mutation = (input, random) => replaced(input, place(input, random), 0, block(input, random));
const swap: Mutation = (input, random) =>
  replaced(input, place(input, random), random(MAX_BLOCK), block(input, random));
const cross: Mutation = (input, random, others) => {
  const other = others[random(others.length)] ?? input;
  return Buffer.concat([input.subarray(0, place(input, random)), other.subarray(place(other, random))]);
};
const borrow: Mutation = (input, random, others) =>
  replaced(
    input,
    place(input, random),
    random(MAX_BLOCK),
    block(others[random(others.length)] ?? input, random),
  );
const word: Mutation = (input, random, _others, words) =>
  replaced(
    input,
    place(input, random),
    random(3) * random(8),
    words[random(words.length)] ?? Buffer.alloc(0),
  );

const MUTATIONS = [flipBit, edge, nudge, cutOut, cutOff, repeat, swap, cross, borrow, word] as const;

/**
 * An input that is a little different.
 *
 * @param others to take pieces from.
 * @param words that mean something to the target.
 */
export function mutated(
  input: Buffer,
  random: Random,
  others: readonly Buffer[],
  words: readonly Buffer[],
): Buffer {
  let result = input;
  for (let left = 1 + random(4); left > 0; left -= 1) {
    result = oneOf(random, MUTATIONS)(result, random, others, words);
  }
  return result.subarray(0, MAX_LENGTH);
}
