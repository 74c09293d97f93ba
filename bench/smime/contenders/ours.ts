// SPDX-License-Identifier: Apache-2.0
import {
  encryptEntity,
  entityOf,
  openMessage,
  signEntity,
  signThenEncrypt,
  softwareSigner,
  softwareUnwrapper,
  type MimeEntity,
} from '@securemail/smime';
import type { Task } from '../contender.ts';
import { inProcess, type Operation } from '../in-process.ts';
import { recipientsOf } from '../recipients.ts';

/** This library, with every promise it gives: checked lengths, capabilities, signing-certificate-v2. */
export const ours = inProcess((task) => {
  const { cast, op } = task;
  const signer = softwareSigner({ key: cast.key, certificate: cast.signer });
  const signingTime = new Date();
  const recipients = recipientsOf(task);
  const content = entityOf(task.content);
  switch (op) {
    case 'sign':
      return made(() => signEntity(content, signer, { signingTime }));
    case 'encrypt':
      return made(() => encryptEntity(content, recipients));
    case 'sign+encrypt':
      return made(() => signThenEncrypt(content, { signer, signingTime, recipients }));
    case 'open+verify':
      return opening(task);
  }
});

const made =
  (make: () => Promise<MimeEntity>): Operation =>
  async (take) => {
    const entity = await make();
    for await (const piece of entity.open()) take(piece);
  };

async function opening({ cast, message }: Task): Promise<Operation> {
  const [certificate] = cast.recipients;
  if (certificate === undefined) throw new TypeError('nobody is to open it');
  const unwrappers = [softwareUnwrapper({ key: cast.key, certificate })];
  const source = entityOf(await message());
  return async (take) => {
    const { layers } = await openMessage(source.open(), {
      unwrappers,
      keep: async (content) => {
        for await (const piece of content) take(piece);
      },
    });
    const signed = layers.find((layer) => layer.kind === 'signed');
    if (signed?.signatures[0]?.verified !== true) throw new Error('the signature did not verify');
  };
}
