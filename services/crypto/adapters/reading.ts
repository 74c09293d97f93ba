// SPDX-License-Identifier: Apache-2.0

/** How a folder is read, and who is told of what is wrong in it. */
export interface Reading {
  /** What each file held when it was last read, by its path; null: one that can't be used now is an error. */
  before: ReadonlyMap<string, unknown> | null;
  /** What each file holds that is in use, filled while it is read. */
  now: Map<string, unknown>;
  /** Told of what can't be used, and whether its former content is. */
  fault: (text: string) => void;
  /** Told of what is understood, and for nobody. */
  notice: (text: string) => void;
}

/** For who reads once. */
export const readingOnce = (notice: Reading['notice'] = () => undefined): Reading => ({
  before: null,
  now: new Map(),
  fault: () => undefined,
  notice,
});
