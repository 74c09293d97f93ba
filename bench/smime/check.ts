// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { entityOf, openMessage, softwareUnwrapper } from '@securemail/smime';
import type { OperationName } from './cases.ts';
import type { Task } from './contender.ts';
import { MESSAGE_HEAD } from './task.ts';

const LAYERS: Readonly<Record<Exclude<OperationName, 'open+verify'>, readonly string[]>> = {
  sign: ['signed'],
  encrypt: ['encrypted'],
  'sign+encrypt': ['encrypted', 'signed'],
};

/** A contender did something else than it was asked to: its figures would mean nothing. */
export class WrongOutcomeError extends Error {}

/**
 * Sees to it that what is measured is the work that was asked for: what was made opens, verifies and gives back the
 * content; what was opened is the content.
 *
 * @param outcome the MIME entity that was made, or the content that was found.
 * @throws WrongOutcomeError where it is not.
 */
export async function checkOutcome(task: Task, outcome: Buffer): Promise<void> {
  const { cast, content, op } = task;
  if (op === 'open+verify') {
    if (!outcome.equals(content)) throw new WrongOutcomeError('another content came out');
    return;
  }
  const unwrappers = cast.recipients
    .slice(0, task.recipients)
    .map((certificate) => softwareUnwrapper({ key: cast.key, certificate }));
  const message = entityOf(Buffer.concat([MESSAGE_HEAD, outcome]));
  const { kept, layers } = await openMessage(message.open(), { unwrappers, keep: buffer }).catch(
    (error: unknown) => {
      throw new WrongOutcomeError('it does not open', { cause: error });
    },
  );
  const kinds = layers.map(({ kind }) => kind);
  if (kinds.join() !== LAYERS[op].join()) throw new WrongOutcomeError(`its layers are ${kinds.join()}`);
  if (!kept.equals(content)) throw new WrongOutcomeError('it holds another content');
  const verified = layers.every((layer) => layer.kind !== 'signed' || layer.signatures[0]?.verified === true);
  if (!verified) throw new WrongOutcomeError('its signature does not verify');
}
