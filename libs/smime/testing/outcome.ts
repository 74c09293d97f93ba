// SPDX-License-Identifier: Apache-2.0
import { MalformedMessageError } from '@securemail/mime';
import { UnopenableMessageError, type Layer, type Opening } from '../index.ts';
import { openBytes } from './opening.ts';

/**
 * What becomes of a message, in a line: `refused: over-limit`, or its layers from the outside in, such as
 * `encrypted! unauthenticated-encryption > signed by content-changed`. A `!` stands before problems of a layer, `by`
 * before what each signature is.
 *
 * @throws what opening should never throw.
 */
export async function outcomeOf(message: Buffer, options: Omit<Opening<Buffer>, 'keep'>): Promise<string> {
  try {
    const { layers } = await openBytes(message, options, 300, 1);
    return layers.length === 0 ? 'no layers' : layers.map(inWords).join(' > ');
  } catch (error) {
    if (error instanceof UnopenableMessageError) return `refused: ${error.code}`;
    if (error instanceof MalformedMessageError) return 'refused: malformed message';
    throw error;
  }
}

function inWords(layer: Layer): string {
  const problems = layer.problems.length === 0 ? '' : `! ${layer.problems.join(', ')}`;
  if (layer.kind !== 'signed') return `${layer.kind}${problems}`;
  const signatures = layer.signatures.map(({ verified, problems: found }) =>
    verified ? 'verified' : found.join(', '),
  );
  return `signed${problems}${signatures.length === 0 ? '' : ` by ${signatures.join(' and ')}`}`;
}
