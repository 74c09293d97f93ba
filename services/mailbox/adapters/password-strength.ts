// SPDX-License-Identifier: Apache-2.0
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Of 4: what would take at least 10⁸ guesses. */
const LEAST_SCORE = 3;

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/**
 * Whether somebody who knows what people choose would find it soon: a common password, a row on the keyboard, or what is
 * known of its owner, which counts for nothing.
 *
 * @param known words that others know of its owner, such as the address.
 */
export const isEasilyGuessed = (password: string, known: readonly string[]): boolean =>
  [password, without(password.toLowerCase(), known)].some(
    (each) => estimator.check(each, [...known]).score < LEAST_SCORE,
  );

/** The longest first: they have others in them. */
const without = (password: string, known: readonly string[]): string =>
  known
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, word) => left.replaceAll(word, ''), password);
