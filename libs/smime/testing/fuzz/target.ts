// SPDX-License-Identifier: Apache-2.0

/** What reads bytes of strangers, and what must hold for every input. */
export interface Target {
  /** Pieces that mutations put in. */
  readonly words: readonly Buffer[];
  /** @throws what the reader throws for bytes that are no good; Finding, or anything else, is a fault of it. */
  run(input: Buffer): Promise<void>;
  /** Whether the reader may end so. */
  refuses(error: unknown): boolean;
}

/** A property that does not hold. */
export class Finding extends Error {
  override name = 'Finding';
}

/** Runs one input. @returns null, or what is wrong: an error that is none of the reader's own. */
export async function faultOf(target: Target, input: Buffer): Promise<unknown> {
  try {
    await target.run(input);
    return null;
  } catch (error) {
    return target.refuses(error) ? null : error;
  }
}

export const wordsOf = (...words: readonly (string | Buffer)[]): readonly Buffer[] =>
  words.map((word) => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word));
