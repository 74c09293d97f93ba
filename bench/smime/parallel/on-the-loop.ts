// SPDX-License-Identifier: Apache-2.0
import { sign, type KeyObject } from 'node:crypto';
import { softwareSigner, type Signer } from '@securemail/smime';
import type { Person } from '../person.ts';
import { protect } from './protect.ts';
import { measured, type Way } from './way.ts';

/** So many that the pool's four threads are never without work. */
const AT_ONCE = 8;

/** As `libs/smime` does it today: one event loop, which does the cryptography too. */
export const alone = (content: Buffer, person: Person): Way => ({
  name: 'one event loop',
  workers: 1,
  run: (seconds) => run(content, person, softwareSigner(person), 1, seconds),
  close: () => Promise.resolve(),
});

/** One event loop; private keys are used on libuv's pool, some mails side by side. */
export const withPool = (content: Buffer, person: Person): Way => ({
  name: 'one event loop, signatures on the libuv pool',
  workers: 1,
  run: (seconds) => run(content, person, poolSigner(person), AT_ONCE, seconds),
  close: () => Promise.resolve(),
});

const run = (content: Buffer, { certificate }: Person, signer: Signer, few: number, seconds: number) =>
  measured(async () => {
    const end = performance.now() + seconds * 1_000;
    let done = 0;
    const worker = async () => {
      while (performance.now() < end) {
        await protect(content, signer, certificate);
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: few }, worker));
    return done;
  });

const poolSigner = (person: Person): Signer => ({
  ...softwareSigner(person),
  sign: (bytes) => signOnPool(bytes, person.key),
});

const signOnPool = (bytes: Buffer, key: KeyObject): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    sign('sha256', bytes, key, (error, signature) => {
      if (error === null) resolve(signature);
      else reject(error);
    });
  });
