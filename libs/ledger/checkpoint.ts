// SPDX-License-Identifier: Apache-2.0
import { HASH_OCTETS, type Hash } from './hash.ts';

/** What a ledger commits to (C2SP tlog-checkpoint): which ledger, how many leaves, the root over them. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

/** @param text of a note. @returns null where it is no checkpoint. Lines of extensions are passed over. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', size = '', encoded = ''] = text.split('\n');
  const root = Buffer.from(encoded, 'base64');
  const isOne =
    origin !== '' &&
    /^(?:0|[1-9]\d{0,15})$/.test(size) &&
    Number.isSafeInteger(Number(size)) &&
    root.length === HASH_OCTETS &&
    root.toString('base64') === encoded;
  return isOne ? { origin, size: Number(size), root } : null;
}
