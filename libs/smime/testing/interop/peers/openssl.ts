// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { Identity, OpensslWorkshop } from '../../openssl-workshop.ts';
import { runProgram } from '../../run-program.ts';
import { PeerRefused, type Peer } from '../peer.ts';

const CIPHERS: Readonly<Partial<Record<string, string>>> = { 'chacha20-poly1305': 'chacha20-poly1305' };
const ECDH = /^ecdh-(sha\d+)$/;

/** The `openssl cms` program of this machine; null where there is none. */
export async function opensslPeer(workshop: OpensslWorkshop, authority: Identity): Promise<Peer | null> {
  const answer = await runProgram('openssl', ['version']);
  const version = /^OpenSSL (\d+\.\d+\.\d+)/.exec(answer?.out.toString() ?? '')?.[1];
  if (version === undefined) return null;

  /** Runs `openssl cms`, with its result in a file. */
  const cms = async (...args: string[]): Promise<Buffer> => {
    const out = workshop.path('out');
    const ran = await runProgram('openssl', ['cms', ...args, '-out', out]);
    if (ran?.code !== 0) throw new PeerRefused(reasonIn(ran?.complaint ?? ''));
    return await readFile(out);
  };

  return {
    name: 'openssl',
    version,
    verify: async (object, content) =>
      await cms(
        ...['-verify', '-binary', '-inform', 'DER', '-in', await workshop.write('cms', object)],
        ...['-CAfile', authority.certificatePath, '-purpose', 'smimesign'],
        ...(content === null ? [] : ['-content', await workshop.write('content', content)]),
      ),
    decrypt: async (object, reader) =>
      await cms(
        ...['-decrypt', '-binary', '-inform', 'DER', '-in', await workshop.write('cms', object)],
        ...['-recip', reader.certificatePath, '-inkey', reader.keyPath],
      ),
    sign: async (content, signer, { algorithm, form }) =>
      await cms(
        ...['-sign', '-binary', '-in', await workshop.write('content', content), '-outform', 'DER'],
        ...['-signer', signer.certificatePath, '-inkey', signer.keyPath],
        ...['-md', algorithm === 'ed25519' ? 'sha512' : algorithm.slice(-'sha256'.length)],
        ...(algorithm.startsWith('rsassa-pss') ? ['-keyopt', 'rsa_padding_mode:pss'] : []),
        ...(form === 'opaque' ? ['-nodetach'] : []),
      ),
    encrypt: async (content, recipients, contentEncryption) =>
      await cms(
        ...['-encrypt', '-binary', '-in', await workshop.write('content', content), '-outform', 'DER'],
        `-${CIPHERS[contentEncryption] ?? contentEncryption}`,
        ...recipients.flatMap(({ person, keyEncryption }) => [
          ...['-recip', person.certificatePath],
          ...optionsFor(keyEncryption),
        ]),
      ),
    close: () => Promise.resolve(),
  };
}

function optionsFor(keyEncryption: string): string[] {
  if (keyEncryption === 'rsaes-oaep-sha256') {
    return ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'];
  }
  const digest = ECDH.exec(keyEncryption)?.[1];
  return digest === undefined ? [] : ['-keyopt', `ecdh_kdf_md:${digest}`];
}

/** The first reason in OpenSSL's stack of errors, or the last thing it says. */
function reasonIn(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line !== '');
  const reason = lines.find((line) => /^[0-9A-F]+:error:/.test(line))?.split(':')[5];
  return reason ?? lines.at(-1) ?? 'nothing';
}
