// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startJavaProgram } from '@securemail/testing';
import type { Certificate } from '../../index.ts';
import { BOUNCY_CASTLE } from './locked-jars.ts';

/** Another implementation, to open what we make and make what we open: it knows what the `openssl` program does not. */
export interface BouncyCastle {
  /** The content of an EnvelopedData or AuthEnvelopedData, in DER. Rejects with its reason. */
  decrypt(cms: Buffer, certificate: Certificate, key: KeyObject): Promise<Buffer>;
  /** The content of a SignedData whose signatures are good, whoever made them. @param content where it is detached. */
  verify(cms: Buffer, content?: Buffer): Promise<Buffer>;
  /**
   * An EnvelopedData in BER, or an AuthEnvelopedData.
   *
   * @param cipher object identifier.
   * @param attributes whether the AuthEnvelopedData has authenticated attributes.
   */
  encrypt(
    content: Buffer,
    recipients: readonly Recipient[],
    cipher: string,
    attributes?: boolean,
  ): Promise<Buffer>;
  /** A CompressedData in BER. */
  compress(content: Buffer): Promise<Buffer>;
  /** A SignedData. @param algorithm by its Java name, such as SHA256withECDSA. */
  sign(
    content: Buffer,
    certificate: Certificate,
    key: KeyObject,
    algorithm: string,
    form?: 'detached' | 'opaque',
  ): Promise<Buffer>;
  close(): Promise<void>;
}

/** How the content key reaches the recipient; see Maker.java. */
export type Way =
  | 'pkcs1'
  | 'oaep'
  | 'oaep-sha256'
  | 'ecdh'
  | 'ecdh-sha384'
  | 'ecdh-sha512'
  | 'ecdh-cofactor'
  | 'ecdh-ukm'
  | 'x25519'
  | 'x25519-ukm'
  | 'kem';

export interface Recipient {
  readonly certificate: Certificate;
  readonly way: Way;
}

const SOURCES = [
  join(import.meta.dirname, 'BouncyCastle.java'),
  join(import.meta.dirname, 'Maker.java'),
] as const;

/** Compiles and starts the program beside this file: its jars, a compiler among them, come from Maven Central once. */
export async function startBouncyCastle(): Promise<BouncyCastle> {
  const program = await startJavaProgram({ jars: BOUNCY_CASTLE, sources: SOURCES, heap: '256m' });
  const { folder } = program;
  const out = join(folder, 'out');
  const write = async (name: string, bytes: Buffer) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };

  let last: Promise<unknown> = Promise.resolve();
  /** One at a time, as they all use the same files. */
  const ask = (words: () => Promise<string[]>): Promise<Buffer> => {
    const answer = last.then(async () => {
      await program.ask([...(await words()), out]);
      return await readFile(out);
    });
    last = answer.catch(() => undefined);
    return answer;
  };

  return {
    decrypt: (cms, certificate, key) =>
      ask(async () => [
        'decrypt',
        await write('cms', cms),
        await write('certificate', certificate.der),
        await write('key', key.export({ type: 'pkcs8', format: 'der' })),
      ]),
    verify: (cms, content) =>
      ask(async () => [
        'verify',
        await write('cms', cms),
        content === undefined ? '-' : await write('content', content),
      ]),
    encrypt: (content, recipients, cipher, attributes = false) =>
      ask(async () => [
        'encrypt',
        (
          await Promise.all(
            recipients.map(({ certificate }, i) => write(`certificate-${i}`, certificate.der)),
          )
        ).join(','),
        recipients.map(({ way }) => way).join(','),
        cipher,
        attributes ? 'attributes' : '-',
        await write('content', content),
      ]),
    compress: (content) => ask(async () => ['compress', await write('content', content)]),
    sign: (content, certificate, key, algorithm, form = 'opaque') =>
      ask(async () => [
        'sign',
        await write('certificate', certificate.der),
        await write('key', key.export({ type: 'pkcs8', format: 'der' })),
        algorithm,
        form,
        await write('content', content),
      ]),
    close: () => program.close(),
  };
}
