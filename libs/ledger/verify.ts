// SPDX-License-Identifier: Apache-2.0

// What verifies, and nothing that needs Node: pages of a browser import it.
export { type Verdict } from './export/verdict.ts';
export { verdictLines } from './export/verdict-lines.ts';
export { parseVerifierKeys } from './signed-note.ts';
export { verifyFile } from './verify-file.ts';
