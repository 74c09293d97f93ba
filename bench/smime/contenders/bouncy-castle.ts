// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BOUNCY_CASTLE } from '@securemail/smime/testing/locked-jars';
import { startJavaProgram } from '@securemail/testing/process';
import type { Contender } from '../contender.ts';

const java = (name: string) => join(import.meta.dirname, 'java', `${name}.java`);
const SOURCES = [
  java('BouncyCastleBench'),
  java('Operation'),
  java('Operations'),
  java('Cms'),
  java('Mime'),
] as const;
/**
 * BouncyCastle in one Java process, which counts by itself, so that no conversation is in the figures.
 *
 * @param warmUpSeconds before a figure counts: Java compiles what runs often, and does so while it runs.
 */
export async function bouncyCastle(warmUpSeconds: number): Promise<Contender> {
  const program = await startJavaProgram({
    jars: BOUNCY_CASTLE,
    sources: SOURCES,
    heap: '3g',
  });
  const write = async (name: string, bytes: Buffer) => {
    const path = join(program.folder, name);
    await writeFile(path, bytes, { mode: 0o600 });
    return path;
  };
  return {
    async prepare(task) {
      const { cast, op, alg } = task;
      const recipients = cast.recipients.slice(0, task.recipients);
      const paths = await Promise.all(recipients.map(({ der }, i) => write(`recipient${i}`, der)));
      await program.ask([
        ...['prepare', op, alg],
        await write('key', cast.key.export({ type: 'pkcs8', format: 'der' })),
        await write('signer', cast.signer.der),
        paths.join(','),
        await write('input', op === 'open+verify' ? await task.message() : task.content),
      ]);
      await program.ask(['rate', String(warmUpSeconds)]);
      return {
        once: async () => {
          const out = join(program.folder, 'out');
          await program.ask(['once', out]);
          return await readFile(out);
        },
        rate: async (seconds) => Number(await program.ask(['rate', String(seconds)])),
      };
    },
    close: () => program.close(),
  };
}
