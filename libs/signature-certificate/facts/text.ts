// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** Text that may be a stranger's, no longer than a certificate can show. */
export const text = (longest: number) => z.string().max(longest);

/** Cut to so many UTF-16 units, between two characters. */
export function bounded(long: string, longest: number): string {
  if (long.length <= longest) return long;
  return `${long.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
