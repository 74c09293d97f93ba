// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** What somebody says of himself or of his reasons: some text on one line, trimmed, of at most so many characters. */
export const oneLine = (what: string, max: number) =>
  z
    .string()
    .trim()
    .min(1, `${what} is missing`)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'is one line');
