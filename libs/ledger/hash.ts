// SPDX-License-Identifier: Apache-2.0
import { primitives } from '#primitives';

/** SHA-256: 32 octets. */
export type Hash = Uint8Array;
export const HASH_OCTETS = 32;

export const { sha256, newSha256, isSigned } = primitives;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 9162 §2.1.1. */
export const hashOfNothing = (): Hash => sha256();
/** RFC 9162 §2.1.1. @param entry what stands in the tree. */
export const hashOfLeaf = (entry: Uint8Array): Hash => sha256(LEAF, entry);
/** RFC 9162 §2.1.1. */
export const hashOfNode = (left: Hash, right: Hash): Hash => sha256(NODE, left, right);
