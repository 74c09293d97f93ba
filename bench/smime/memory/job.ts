// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs';
import {
  encryptEntity,
  openMessage,
  signEntity,
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  type MimeEntity,
} from '@securemail/smime';
import type { OperationName } from '../cases.ts';
import type { Person } from '../person.ts';
import { generated } from './source.ts';

/** What is measured: an operation upon so many octets. */
export interface Job {
  readonly op: OperationName;
  readonly bytes: number;
  /** The message that is opened; it holds `bytes` octets of content. */
  readonly file: string;
}

/**
 * Does it once, from a source that holds nothing to nowhere.
 *
 * @param seen is called with every piece that goes in or comes out.
 */
export async function doOnce({ op, bytes, file }: Job, person: Person, seen: () => void): Promise<void> {
  const content = generated(bytes, seen);
  const signer = softwareSigner(person);
  const signingTime = new Date();
  const recipients = [person.certificate];
  switch (op) {
    case 'sign':
      await drain(await signEntity(content, signer, { signingTime }), seen);
      return;
    case 'encrypt':
      await drain(await encryptEntity(content, recipients), seen);
      return;
    case 'sign+encrypt':
      await drain(await signThenEncrypt(content, { signer, signingTime, recipients }), seen);
      return;
    case 'open+verify':
      await open(file, person, bytes, seen);
  }
}

async function drain(entity: Pick<MimeEntity, 'open'>, seen: () => void): Promise<number> {
  let size = 0;
  for await (const piece of entity.open()) {
    size += piece.length;
    seen();
  }
  return size;
}

async function open(file: string, person: Person, bytes: number, seen: () => void): Promise<void> {
  const { kept, layers } = await openMessage(createReadStream(file), {
    unwrappers: [softwareUnwrapper(person)],
    keep: (content) => drain({ open: () => content }, seen),
  });
  const verified = layers.some((layer) => layer.kind === 'signed' && layer.signatures[0]?.verified === true);
  if (kept !== bytes || !verified) throw new Error('what was opened is not what was made');
}
