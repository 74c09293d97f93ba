// SPDX-License-Identifier: Apache-2.0
export {
  CONSISTENCY_BEGINS,
  consistencyText,
  verifyConsistency,
  type ConsistencyVerdict,
} from './consistency-file.ts';
export { checkpointText, parseCheckpoint, type Checkpoint } from './checkpoint.ts';
export { Frontier, rootOver } from './frontier.ts';
export { HASH_OCTETS, hashOfLeaf, type Hash } from './hash.ts';
export { entryOf, eventIn, leafOf } from './leaf.ts';
export { proofText, verifyProofs, PROOF_BEGINS, type LeafProof } from './proof-file.ts';
export { consistencyProof, hashOfRange, inclusionProof, isConsistent } from './proofs.ts';
export { isSame } from './octets.ts';
export { noteVerifier, signNote } from './sign-note.ts';
export {
  openNote,
  parseVerifierKey,
  parseVerifierKeys,
  verifierKey,
  type NoteVerifier,
} from './signed-note.ts';
export { hashesIn, subtreesIn, TILE_WIDTH, tilePath, type ReadTile } from './tiles.ts';
export { type Scope } from './export/format.ts';
export { verifyExport } from './export/verify.ts';
export { type Verdict } from './export/verdict.ts';
export { writeExport, type Leaf } from './export/write.ts';
export { verifyFile } from './verify-file.ts';
