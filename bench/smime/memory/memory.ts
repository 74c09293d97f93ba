// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { signThenEncrypt, softwareSigner } from '@securemail/smime';
import { castFor, type Cast } from '../cast.ts';
import { OPERATIONS, type OperationName } from '../cases.ts';
import { personInPem } from '../person.ts';
import { MESSAGE_HEAD } from '../task.ts';
import type { Assignment } from './child.ts';
import { generated } from './source.ts';

export interface MemoryRow {
  readonly op: OperationName;
  /** Octets of the content. */
  readonly bytes: number;
  /** The most resident memory while it ran, in octets, less what the same process had after a small message. */
  readonly aboveIdleBytes: number;
}

const SMALL = 100_000;

/** Each operation once, in a process of its own, with a message of so many octets. */
export async function memory(
  bytes: number,
  ops: readonly OperationName[] = OPERATIONS,
): Promise<MemoryRow[]> {
  const cast = await castFor('rsa-2048', 1);
  const folder = await mkdtemp(join(tmpdir(), 'securemail-bench-'));
  const [small, large] = [join(folder, 'small.eml'), join(folder, 'large.eml')];
  const rows: MemoryRow[] = [];
  try {
    if (ops.includes('open+verify')) {
      await write(small, SMALL, cast);
      await write(large, bytes, cast);
    }
    for (const op of ops) {
      const aboveIdleBytes = await inChild({
        person: personInPem(cast),
        warmUp: { op, bytes: SMALL, file: small },
        job: { op, bytes, file: large },
      });
      rows.push({ op, bytes, aboveIdleBytes });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A message to be opened: signed, then encrypted. */
async function write(file: string, bytes: number, { key, signer: certificate }: Cast): Promise<void> {
  const entity = await signThenEncrypt(generated(bytes), {
    signer: softwareSigner({ key, certificate }),
    signingTime: new Date(),
    recipients: [certificate],
  });
  const message = async function* () {
    yield MESSAGE_HEAD;
    yield* entity.open();
  };
  await pipeline(Readable.from(message()), createWriteStream(file));
}

/** Beside this file, compiled or not as this one is. */
const CHILD = join(import.meta.dirname, `child${extname(import.meta.filename)}`);

function inChild(assignment: Assignment): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD);
    let answer: number | null = null;
    child.once('message', (bytes: number) => (answer = bytes));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (answer === null)
        reject(new Error(`the process that was measured ended with ${code ?? 'a signal'}`));
      else resolve(answer);
    });
    child.send(assignment);
  });
}
