// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Issued } from '@securemail/testing';

type Person = Pick<Issued, 'certificatePem' | 'keyPem'>;

/** One step of `openssl cms`, from the inside out. */
export type Layer =
  | { sign: Person; opaque?: boolean; options?: readonly string[] }
  | { encrypt: readonly Person[]; cipher?: string; options?: readonly string[] };

/** A MIME entity in the layers that `openssl cms` puts around it: a program that shares no code with us. */
export async function inLayers(entity: string, layers: readonly Layer[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outside-mail-'));
  const write = async (name: string, content: string) => {
    await writeFile(join(folder, name), content, 'latin1');
    return name;
  };
  try {
    let current = entity;
    for (const layer of layers) {
      await write('in.eml', current);
      const common = ['cms', '-in', 'in.eml', '-binary', '-crlfeol', ...(layer.options ?? [])];
      const args =
        'sign' in layer
          ? [
              ...common,
              '-sign',
              '-signer',
              await write('signer.pem', layer.sign.certificatePem),
              '-inkey',
              await write('signer.key', layer.sign.keyPem),
              ...(layer.opaque === true ? ['-nodetach'] : []),
            ]
          : [
              ...common,
              '-encrypt',
              `-${layer.cipher ?? 'aes-256-cbc'}`,
              ...(await Promise.all(
                layer.encrypt.map(({ certificatePem }, index) => write(`reader${index}.pem`, certificatePem)),
              )),
            ];
      const { stdout } = await promisify(execFile)('openssl', args, {
        cwd: folder,
        encoding: 'latin1',
        maxBuffer: 64 * 1024 * 1024,
      });
      // Unix programs end lines with LF where SMTP has CRLF.
      current = stdout.replace(/\r?\n/g, '\r\n');
    }
    return current;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fields of a message around an entity. */
export const messageAround = (
  entity: string,
  { from = 'bo@citizen.example', to = 'anna@demo.example', subject = 'Journal', more = '' } = {},
): string =>
  `Received: from mx.citizen.example by gateway.example (Secure@Mail) with ESMTPS id 1; Thu, 01 Jan 2026 00:00:00 +0000\r\n` +
  `From: Bo <${from}>\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\n` +
  `Message-ID: <1@citizen.example>\r\nX-SecureMail-Id: 1\r\n${more}${entity}`;
