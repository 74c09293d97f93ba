// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Reader } from './openssl.ts';

const run = promisify(execFile);

/** CMS objects as the `openssl` program makes them, octet for octet, for whoever writes the MIME around them. */
export interface Cms {
  /** A SignedData. @param options more of them, as `openssl cms -sign` takes them. */
  sign(content: Buffer | string, by: Reader | readonly Reader[], ...options: string[]): Promise<Buffer>;
  /** An EnvelopedData, or AuthEnvelopedData where the cipher is an AEAD. */
  encrypt(content: Buffer | string, readers: readonly Reader[], ...options: string[]): Promise<Buffer>;
}

/** @param more files that options name. */
export const cmsByOpenssl = (more: Record<string, string> = {}): Cms => {
  const made = async (
    content: Buffer | string,
    argsIn: (file: (name: string, text: string) => Promise<string>) => Promise<string[]>,
    options: readonly string[],
  ): Promise<Buffer> => {
    const folder = await mkdtemp(join(tmpdir(), 'cms-by-openssl-'));
    const file = async (name: string, bytes: string | Buffer) => {
      await writeFile(join(folder, name), bytes);
      return name;
    };
    try {
      for (const [name, text] of Object.entries(more)) await file(name, text);
      await file('content', content);
      const args = await argsIn(file);
      const common = ['cms', '-binary', '-in', 'content', '-outform', 'DER', '-out', 'made'];
      await run('openssl', [...common, ...args, ...options], { cwd: folder });
      return await readFile(join(folder, 'made'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return {
    sign: (content, by, ...options) =>
      made(
        content,
        async (file) => {
          const args = ['-sign'];
          for (const [index, signer] of [by].flat().entries()) {
            args.push('-signer', await file(`signer${index}.pem`, signer.certificatePem));
            args.push('-inkey', await file(`signer${index}.key`, signer.keyPem));
          }
          return args;
        },
        options,
      ),
    encrypt: (content, readers, ...options) =>
      made(
        content,
        async (file) => {
          const args = [
            '-encrypt',
            ...(options.some((each) => /^-(aes|des)/.test(each)) ? [] : ['-aes-256-cbc']),
          ];
          for (const [index, reader] of readers.entries())
            args.push('-recip', await file(`reader${index}.pem`, reader.certificatePem));
          return args;
        },
        options,
      ),
  };
};
