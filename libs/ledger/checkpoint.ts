// SPDX-License-Identifier: Apache-2.0
import { HASH_OCTETS, type Hash } from './hash.ts';
import { base64, octetsIn } from './octets.ts';

/** What a ledger commits to (C2SP tlog-checkpoint): which ledger, how many leaves, the root over them. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${base64(root)}\n`;

/** @param text of a note. @returns null where it is no checkpoint. Lines of extensions are passed over. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', size = '', encoded = ''] = text.split('\n');
  const root = octetsIn(encoded);
  const isOne =
    origin !== '' &&
    /^(?:0|[1-9]\d{0,15})$/.test(size) &&
    Number.isSafeInteger(Number(size)) &&
    root?.length === HASH_OCTETS;
  return isOne ? { origin, size: Number(size), root } : null;
}
