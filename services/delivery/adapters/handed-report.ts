// SPDX-License-Identifier: Apache-2.0

/** What came of handing a report to one place; the reason is a word of ours and names nobody. */
export type Handed =
  | { kind: 'delivered' }
  /** Trying again may help, or will not. */
  | { kind: 'deferred' | 'refused'; reason: string };

export const deferred = (reason: string): Handed => ({ kind: 'deferred', reason });
export const refused = (reason: string): Handed => ({ kind: 'refused', reason });
