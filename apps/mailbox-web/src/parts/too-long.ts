// SPDX-License-Identifier: Apache-2.0
import type { Typed } from '../api.ts';

/** Characters; the server takes as many (services/mailbox/http). */
export const LONGEST_TEXT = 80_000;
export const LONGEST_SUBJECT = 200;
/** From here on it is told how many there are. */
const NEAR = 0.9;

export const isNear = (typed: string, longest: number): boolean => typed.length >= longest * NEAR;

/** It stays where it was typed until it is shorter: the server would take none of it. */
export class TooLong extends Error {
  override name = 'TooLong';
}

export const isTooLong = ({ text, subject = '' }: Typed): boolean =>
  text.length > LONGEST_TEXT || subject.length > LONGEST_SUBJECT;
