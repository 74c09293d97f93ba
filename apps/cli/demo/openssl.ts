// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Reader {
  keyPath: string;
  certificatePath: string;
  authorityPath: string;
}

/**
 * Opens a protected message with the `openssl` program, which knows nothing of us: decrypts it with the recipient's
 * key, then verifies the signature inside up to the authority.
 *
 * @returns the signed MIME entity.
 * @throws Error with what `openssl` had to say.
 */
export async function openWithOpenssl(message: Buffer, reader: Reader): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-demo-'));
  try {
    const [encrypted, signed] = [join(folder, 'encrypted.eml'), join(folder, 'signed.eml')];
    await writeFile(encrypted, message);
    await openssl(
      'cms',
      '-decrypt',
      '-in',
      encrypted,
      '-inkey',
      reader.keyPath,
      '-recip',
      reader.certificatePath,
      '-out',
      signed,
    );
    return await openssl(
      'cms',
      '-verify',
      '-in',
      signed,
      '-CAfile',
      reader.authorityPath,
      '-purpose',
      'smimesign',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Signs a MIME entity as a mail program would: detached, to be read by everybody. */
export const signWithOpenssl = (
  entity: string,
  { keyPath, certificatePath }: Pick<Reader, 'keyPath' | 'certificatePath'>,
): Promise<string> => overEntity(entity, ['-sign', '-signer', certificatePath, '-inkey', keyPath]);

/** Encrypts a MIME entity for one reader. */
export async function encryptWithOpenssl(entity: string, certificatePem: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-demo-'));
  try {
    const certificate = join(folder, 'reader.pem');
    await writeFile(certificate, certificatePem);
    return await overEntity(entity, ['-encrypt', '-aes-256-cbc', certificate]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function overEntity(entity: string, args: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'securemail-demo-'));
  try {
    const file = join(folder, 'entity');
    await writeFile(file, entity);
    const [operation = '', ...others] = args;
    const made = await openssl('cms', operation, '-in', file, '-binary', '-crlfeol', ...others);
    // The program ends its lines as Unix does.
    return made.replace(/\r?\n/g, '\r\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openssl(...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('openssl', args, { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' });
    return stdout;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT')
      throw new Error('the demo opens what it made with the openssl program: please install it');
    throw new Error(`openssl ${args.slice(0, 2).join(' ')} failed: ${stderr.trim()}`);
  }
}
