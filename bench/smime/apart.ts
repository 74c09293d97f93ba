// SPDX-License-Identifier: Apache-2.0
import { fork, type ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';
import type { KeyTransport } from '@securemail/smime';
import type { Answer, Question } from './apart-child.ts';
import type { Contender } from './contender.ts';

/** Beside this file, compiled or not as this one is. */
const CHILD = join(import.meta.dirname, `apart-child${extname(import.meta.filename)}`);

/**
 * A contender in a process of its own, which counts by itself: node-forge in the same process makes everybody's
 * encryption half as fast, and so do the pipes to the program `openssl`.
 *
 * @param keyTransport of the message that it opens.
 */
export function apart(name: 'pkijs' | 'forge' | 'openssl', keyTransport: KeyTransport): Contender {
  const child = fork(CHILD, [name], { serialization: 'advanced' });
  return {
    async prepare(task) {
      const { op, bytes, recipients, alg, cast, content } = task;
      const able = await ask(child, {
        kind: 'prepare',
        ...{ op, bytes, recipients, alg, content },
        keyPem: cast.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
        signer: cast.signer.der,
        readers: cast.recipients.slice(0, recipients).map(({ der }) => der),
        message: op === 'open+verify' ? await task.message(keyTransport) : Buffer.alloc(0),
      });
      if (able !== true) return null;
      return {
        once: async () => Buffer.from((await ask(child, { kind: 'once' })) as Uint8Array),
        rate: async (seconds) => (await ask(child, { kind: 'rate', seconds })) as number,
      };
    },
    close: () => {
      if (child.connected) child.disconnect();
      return Promise.resolve();
    },
  };
}

/** @throws Error with what the contender complained of, or where its process ended. */
function ask(child: ChildProcess, question: Question): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      reject(new Error('its process ended'));
    };
    child.once('exit', ended);
    child.once('message', (answer: Answer) => {
      child.off('exit', ended);
      if ('failure' in answer) reject(new Error(answer.failure));
      else resolve(answer.value);
    });
    child.send(question, (error) => {
      if (error !== null) reject(error);
    });
  });
}
