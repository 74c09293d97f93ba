// SPDX-License-Identifier: Apache-2.0
import type { Tree } from './tree.ts';

/** Who changed something, when and why. */
export interface Provenance {
  /** Of the organisation's settings, from 1; the change with which it came. */
  version: number;
  at: Date;
  /** A person's name. */
  by: string;
  /** The API key that was used; null where the change was made on the gateway itself. */
  keyId: string | null;
  reason: string;
}

/** An event: everything that somebody changed at once, as merge patches by scope (see {@link scopeText}). */
export interface Change extends Provenance {
  patches: Readonly<Record<string, Tree>>;
}
