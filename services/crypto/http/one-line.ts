// SPDX-License-Identifier: Apache-2.0
import { plainLine } from '@securemail/service';

/** What somebody says of himself or of his reasons: some text on one line, trimmed, of at most so many characters. */
export const oneLine = (what: string, max: number) => plainLine().min(1, `${what} is missing`).max(max);
