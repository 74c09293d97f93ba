// SPDX-License-Identifier: Apache-2.0
import { nameOf, type Input } from './corpus.ts';
import { watchCoverage } from './coverage.ts';
import { mutated } from './mutate.ts';
import type { Random } from './random.ts';
import { faultOf, type Target } from './target.ts';

/** Looking at coverage takes longer than an input does: one look for so many. */
const BATCH = 25;
/** An octet of input may take so many steps, and any input so many besides: readers are linear. */
const STEPS_PER_OCTET = 20;
const STEPS = 20_000;

export interface Progress {
  readonly inputs: number;
  readonly corpus: number;
  /** Octets of our source code that ran. */
  readonly covered: number;
}

export interface Fuzzing {
  readonly target: Target;
  readonly corpus: readonly Input[];
  readonly random: Random;
  /** Asked between batches. */
  readonly goesOn: (progress: Progress) => boolean;
  /** Told before an input runs, so that one that never ends is known. */
  readonly starts: (input: Buffer) => void;
  /** Told of every input that something is wrong with. */
  readonly found: (input: Buffer, fault: unknown) => Promise<void>;
}

/**
 * Runs inputs a little different from those that are known; those that reach code no other reached are kept, to be
 * changed further.
 *
 * @returns the smallest of all inputs that together reach what all of them reach.
 */
export async function fuzz({ target, corpus, random, goesOn, starts, found }: Fuzzing): Promise<Input[]> {
  const coverage = watchCoverage((url) => /\/libs\/(smime|mime)\/(?!testing\/)/.test(url));
  const known: Input[] = [];
  let inputs = 0;

  const run = async (input: Buffer) => {
    starts(input);
    inputs += 1;
    const fault = await faultOf(target, input);
    if (fault !== null) await found(input, fault);
  };
  /** Alone, to know what it reaches. */
  const measure = async (input: Input) => {
    coverage.look();
    await run(input.bytes);
    const { fresh, steps } = coverage.look();
    if (steps > STEPS + STEPS_PER_OCTET * input.bytes.length) {
      await found(input.bytes, new Error(`${steps} steps for ${input.bytes.length} octets`));
    }
    return fresh > 0;
  };

  for (const input of corpus) {
    await measure(input);
    known.push(input);
  }
  while (goesOn({ inputs, corpus: known.length, covered: coverage.total() })) {
    const others = known.map(({ bytes }) => bytes);
    const batch = Array.from({ length: BATCH }, () =>
      mutated(others[random(others.length)] ?? Buffer.alloc(0), random, others, target.words),
    );
    const before = coverage.snapshot();
    for (const bytes of batch) await run(bytes);
    const { fresh, steps } = coverage.look();
    const allowed = batch.reduce((sum, { length }) => sum + STEPS + STEPS_PER_OCTET * length, 0);
    if (fresh === 0 && steps <= allowed) continue;
    coverage.restore(before);
    for (const bytes of batch) {
      const input = { name: nameOf(bytes), bytes };
      if (await measure(input)) known.push(input);
    }
  }

  coverage.forget();
  const smallest: Input[] = [];
  for (const input of known.toSorted((a, b) => a.bytes.length - b.bytes.length)) {
    if (await measure(input)) smallest.push(input);
  }
  coverage.close();
  return smallest;
}
