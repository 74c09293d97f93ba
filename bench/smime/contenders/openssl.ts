// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender, Task } from '../contender.ts';
import type { OperationName } from '../cases.ts';
import { prepared, type Operation } from '../in-process.ts';

/**
 * `openssl cms`: a process for each operation, two where it signs and encrypts, as whoever calls it from a script has
 * them. Starting them is counted.
 */
export async function openssl(): Promise<Contender> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-openssl-'));
  const write = (name: string, bytes: Buffer | string) =>
    writeFile(join(folder, name), bytes, { mode: 0o600 });
  return {
    async prepare(task) {
      const { cast, content } = task;
      const recipients = cast.recipients.slice(0, task.recipients);
      await write('key.pem', cast.key.export({ type: 'pkcs8', format: 'pem' }));
      await write('signer.pem', cast.signer.x509.toString());
      for (const [i, { x509 }] of recipients.entries()) await write(`recipient${i}.pem`, x509.toString());
      await write('input', task.op === 'open+verify' ? await task.message() : content);
      return prepared(running(commandLine(task), folder));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function commandLine(task: Task): string {
  const sign = 'openssl cms -sign -binary -md sha256 -signer signer.pem -inkey key.pem';
  const way =
    task.alg === 'rsa-2048'
      ? '-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256'
      : '-keyopt ecdh_kdf_md:sha256';
  const to = Array.from({ length: task.recipients }, (_, i) => `-recip recipient${i}.pem ${way}`).join(' ');
  const encrypt = `openssl cms -encrypt -binary -stream -aes256 ${to}`;
  const lines: Record<OperationName, string> = {
    sign: `${sign} -in input`,
    encrypt: `${encrypt} -in input`,
    'sign+encrypt': `${sign} -in input | ${encrypt}`,
    'open+verify':
      'openssl cms -decrypt -in input -recip recipient0.pem -inkey key.pem | openssl cms -verify -noverify',
  };
  return lines[task.op];
}

/** The names of all files are ours, so a shell may read them. */
const running =
  (command: string, cwd: string): Operation =>
  (take) =>
    new Promise((resolve, reject) => {
      const child = spawn('sh', ['-c', command], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      let complaint = '';
      child.stdout.on('data', take);
      child.stderr.on('data', (said: Buffer) => (complaint = (complaint + said.toString()).slice(-1_000)));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`openssl cms ended with ${code ?? 'a signal'}: ${complaint}`));
      });
    });
