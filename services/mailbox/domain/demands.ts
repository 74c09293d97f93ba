// SPDX-License-Identifier: Apache-2.0
import { SENSITIVITIES, type Demands, type Proof } from '@securemail/service';

/** In which ways a message is sensitive. */
export type Level = (typeof SENSITIVITIES)[number] | 'sensitive-content';

/** What is kept of it with a message. */
export interface Graded {
  levels: readonly Level[];
  /** What was demanded when it came. */
  demanded: readonly Proof[];
}

/** Comments (RFC 5322 §3.2.2). */
const COMMENT = /\([^()]*\)/g;

/**
 * What the sender says of it.
 *
 * @param field the value of `Sensitivity` (RFC 2156 §5.3.4); null: there is none.
 * @returns all of them where it says something that is not known.
 */
export function sensitivitiesSaid(field: string | null): Level[] {
  const said = (field ?? '').replaceAll(COMMENT, '').trim().toLowerCase();
  // Some mail programs say that it is not sensitive.
  if (said === '' || said === 'normal') return [];
  const known = SENSITIVITIES.find((each) => each === said.replaceAll(/\s+/g, '-'));
  return known === undefined ? [...SENSITIVITIES] : [known];
}

/** What these settings demand of the reader of such a message. */
export function demandedOf(levels: readonly Level[], demands: Demands): Proof[] {
  const { everyMessage, sensitivity, sensitiveContent } = demands;
  const proofs = levels.map((level) =>
    level === 'sensitive-content' ? sensitiveContent : sensitivity[level],
  );
  return [...new Set([everyMessage, ...proofs].filter((proof) => proof !== undefined))];
}

/**
 * What is still to be proven: what was demanded when it came, and what is demanded now, so that a setting that becomes
 * stricter holds at once, and one that is eased opens nothing that came before.
 */
export const lackingFor = (
  { levels, demanded }: Graded,
  demands: Demands,
  proofs: readonly Proof[],
): Proof[] =>
  [...new Set([...demanded, ...demandedOf(levels, demands)])].filter((proof) => !proofs.includes(proof));
