// SPDX-License-Identifier: Apache-2.0
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Of 4: what would take at least 10⁸ guesses. */
const LEAST_SCORE = 3;

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/**
 * Whether somebody who knows what people choose would find it soon: a common password, a row on the keyboard, or what is
 * known of its owner.
 *
 * @param known words that others know of its owner, such as the address.
 */
export const isEasilyGuessed = (password: string, known: readonly string[]): boolean =>
  estimator.check(password, [...known]).score < LEAST_SCORE;
