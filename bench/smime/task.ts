// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { entityOf, signThenEncrypt, softwareSigner, type KeyTransport } from '@securemail/smime';
import type { Case } from './cases.ts';
import type { Cast } from './cast.ts';
import type { Task } from './contender.ts';
import { recipientsOf } from './recipients.ts';

const HEAD = Buffer.from('Content-Type: text/plain\r\n\r\n');
const LINE = Buffer.from('The quick brown fox jumps over the lazy dog, again and again and agai.\r\n');
/** Of the message, around the entity. */
export const MESSAGE_HEAD = Buffer.from('From: person0@a.example\r\nMIME-Version: 1.0\r\n');

/** A text entity of so many octets. */
export const textOf = (bytes: number): Buffer =>
  Buffer.concat([HEAD, Buffer.alloc(Math.max(0, bytes - HEAD.length), LINE)]);

export function taskOf(each: Case, cast: Cast): Task {
  const content = textOf(each.bytes);
  const made = new Map<KeyTransport, Promise<Buffer>>();
  const message = (keyTransport: KeyTransport) => messageOf(content, { ...each, cast }, keyTransport);
  return {
    ...each,
    cast,
    content,
    message: (keyTransport = 'rsaes-oaep-sha256') => {
      const known = made.get(keyTransport) ?? message(keyTransport);
      made.set(keyTransport, known);
      return known;
    },
  };
}

async function messageOf(
  content: Buffer,
  to: { cast: Cast; recipients: number },
  keyTransport: KeyTransport,
): Promise<Buffer> {
  const signer = softwareSigner({ key: to.cast.key, certificate: to.cast.signer });
  const recipients = recipientsOf(to, keyTransport);
  const entity = await signThenEncrypt(entityOf(content), { signer, recipients, signingTime: new Date() });
  return Buffer.concat([MESSAGE_HEAD, await buffer(entity.open())]);
}
