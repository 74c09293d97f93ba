// SPDX-License-Identifier: Apache-2.0
import { InvalidArgumentError, Option } from 'commander';

/** Whole numbers from 1 on; the first that is given takes the place of the default. */
export function numbers(flags: string, description: string, most: number, byDefault: number[]): Option {
  return new Option(flags, description)
    .argParser((text, previous: number[]) => [...(previous === byDefault ? [] : previous), whole(text, most)])
    .default(byDefault);
}

/** From 1 on. */
export function whole(text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new InvalidArgumentError(`a whole number from 1 to ${most} is wanted`);
}
