// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PEOPLE, type DemoPaths } from '@securemail/cli/world';
import { loadPkcs12 } from '@securemail/smime';

const run = promisify(execFile);

/** The `openssl` program, and a mail that it made: signed by Bo, encrypted for Anna. */
export interface OpensslPeer {
  message: Buffer;
  /** Decrypts and verifies what lies in this file. */
  open: (file: string) => Promise<void>;
  /** As many processes, which do nothing. */
  nothing: () => Promise<void>;
}

export async function opensslPeer(paths: DemoPaths, folder: string, text: string): Promise<OpensslPeer> {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args, { maxBuffer: 1024 * 1024 * 1024 });
  const p12 = join(paths.certificates, 'keys/people/anna.p12');
  const { key, certificate } = loadPkcs12(await readFile(p12), await readFile(`${p12}.password`, 'utf8'));
  await writeFile(at('anna.pem'), certificate.x509.toString());
  await writeFile(at('anna.key'), key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const lines = text.replace(/.{76}/g, '$&\r\n');
  await writeFile(at('entity'), `Content-Type: text/plain\r\n\r\n${lines}\r\n`);
  const binary = ['-binary', '-crlfeol'];
  const signer = ['-signer', paths.certificateOf(PEOPLE.person), '-inkey', paths.keyOf(PEOPLE.person)];
  await openssl('cms', '-sign', ...binary, '-in', at('entity'), ...signer, '-out', at('signed'));
  await openssl(
    'cms',
    '-encrypt',
    ...binary,
    '-aes-256-cbc',
    '-in',
    at('signed'),
    '-out',
    at('encrypted'),
    at('anna.pem'),
  );
  const header = `From: ${PEOPLE.person}\r\nTo: ${PEOPLE.anna}\r\nSubject: Journal\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\n`;
  const entity = (await readFile(at('encrypted'), 'latin1')).replace(/\r?\n/g, '\r\n');
  return {
    message: Buffer.from(header + entity, 'latin1'),
    open: async (file) => {
      const reader = ['-recip', at('anna.pem'), '-inkey', at('anna.key')];
      await openssl('cms', '-decrypt', '-in', file, ...reader, '-out', at('opened'));
      const trust = ['-CAfile', paths.authority, '-purpose', 'smimesign'];
      await openssl('cms', '-verify', '-in', at('opened'), ...trust, '-out', at('content'));
    },
    nothing: async () => {
      await openssl('version');
      await openssl('version');
    },
  };
}
