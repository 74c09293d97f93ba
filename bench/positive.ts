// SPDX-License-Identifier: Apache-2.0
import { InvalidArgumentError } from 'commander';

/** A number above 0, of an option. */
export const positive = (text: string): number => {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('a number above 0 is wanted');
  return number;
};
