// SPDX-License-Identifier: Apache-2.0
import type { Reservation } from '@securemail/contracts';
import type { LayerProblem } from '@securemail/smime';

/** What is odd about how a layer is written and says nothing that a reader has to know: real mail programs write so. */
const HARMLESS = ['certificate-unreadable', 'other-smime-type', 'other-content-type', 'rubbish'] as const;
type Harmless = (typeof HARMLESS)[number];

const isHarmless = (problem: LayerProblem): problem is Harmless =>
  (HARMLESS as readonly LayerProblem[]).includes(problem);

export const reservationsOf = (problems: readonly LayerProblem[]): Reservation[] =>
  problems.filter((problem): problem is Exclude<LayerProblem, Harmless> => !isHarmless(problem));

/** With one of these a signature that verifies proves nothing to anybody here. */
const FATAL: ReadonlySet<Reservation> = new Set([
  'no-signer',
  'signature-missing',
  'more-parts',
  'certificate-not-yet-valid',
  'certificate-untrusted',
  'certificate-unsuitable',
  'certificate-revoked',
] satisfies Reservation[]);

export const isFatal = (reservation: Reservation): boolean => FATAL.has(reservation);
