// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readCertificates, type Certificate, type MimeEntity } from '../index.ts';

/** Runs the `openssl` program. Rejects with what it wrote to stderr, or with what to do where it is missing. */
export function openssl(...args: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing =
        'these tests read our messages with the openssl program, and it is not there: install it (apt install openssl)';
      reject(error.code === 'ENOENT' ? new Error(missing) : error);
    });
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(`openssl ${args[0] ?? ''} exited with ${code ?? 'a signal'}: ${complaint}`));
    });
  });
}

export interface Identity {
  certificate: Certificate;
  certificatePath: string;
  keyPath: string;
  keyPem: string;
}

const SUBJECT_EXTENSIONS =
  'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=emailProtection\n';

/** A folder of its own, with an authority made by `openssl`, and everything that tests ask that program to do. */
export async function opensslWorkshop() {
  const folder = await mkdtemp(join(tmpdir(), 'smime-test-'));
  let files = 0;
  const path = (name: string) => join(folder, `${++files}-${name}`);

  const write = async (name: string, content: string | Buffer) => {
    const file = path(name);
    await writeFile(file, content);
    return file;
  };

  const makeKey = async (kind: string[]) => {
    const file = path('key.pem');
    await openssl('genpkey', ...kind, '-out', file);
    return file;
  };

  const identity = async (certificatePath: string, keyPath: string): Promise<Identity> => {
    const [certificate] = readCertificates(await readFile(certificatePath));
    if (certificate === undefined) throw new Error('openssl wrote no certificate');
    return { certificate, certificatePath, keyPath, keyPem: await readFile(keyPath, 'utf8') };
  };

  const RSA_2048 = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  const P_256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

  const authority = async (name: string, constraints = 'critical,CA:TRUE') => {
    const keyPath = await makeKey(P_256);
    const certificatePath = path('authority.pem');
    const extensions = [
      '-addext',
      `basicConstraints=${constraints}`,
      '-addext',
      'keyUsage=critical,keyCertSign',
    ];
    const config = await write('req.cnf', '[req]\ndistinguished_name=dn\n[dn]\n');
    await openssl(
      ...['req', '-x509', '-new', '-config', config, '-key', keyPath, '-subj', `/O=Test/CN=${name}`],
      ...['-days', '30', '-sha256', ...extensions, '-out', certificatePath],
    );
    return identity(certificatePath, keyPath);
  };

  const issue = async (
    issuer: Identity,
    {
      subject = '/O=Test/CN=A person',
      extensions = SUBJECT_EXTENSIONS,
      names = '',
      key = RSA_2048,
      digest = '-sha256',
    }: { subject?: string; extensions?: string; names?: string; key?: string[]; digest?: string } = {},
  ) => {
    const keyPath = await makeKey(key);
    const request = path('request.pem');
    const certificatePath = path('certificate.pem');
    await openssl('req', '-new', '-key', keyPath, '-subj', subject, '-out', request);
    const file = await write('extensions', extensions + (names === '' ? '' : `subjectAltName=${names}\n`));
    await openssl(
      ...['x509', '-req', '-in', request, '-CA', issuer.certificatePath, '-CAkey', issuer.keyPath],
      ...['-days', '20', digest, '-extfile', file, '-out', certificatePath],
    );
    return identity(certificatePath, keyPath);
  };

  const save = async (entity: Pick<MimeEntity, 'open'>) => {
    const file = path('message.eml');
    await pipeline(entity.open(), createWriteStream(file));
    return file;
  };

  return {
    P_256,
    RSA_2048,
    authority,
    issue,
    path,
    save,
    write,
    /** `openssl cms -decrypt`: what is inside an encrypted entity or message. */
    decrypt: async (message: string, reader: Identity) => {
      const out = path('decrypted');
      await openssl(
        ...['cms', '-decrypt', '-in', message, '-recip', reader.certificatePath],
        ...['-inkey', reader.keyPath, '-out', out],
      );
      return out;
    },
    /** `openssl cms -verify` against one authority: the content that was signed. */
    verify: async (message: string, trusted: Identity, ...more: string[]) => {
      const out = path('verified');
      await openssl(
        ...['cms', '-verify', '-in', message, '-CAfile', trusted.certificatePath],
        ...['-purpose', 'smimesign', '-out', out, ...more],
      );
      return out;
    },
    /** What `openssl cms` makes of an entity, as a message. */
    cms: async (entity: string, ...options: string[]) => {
      const input = await write('in', entity);
      const out = path('out');
      await openssl('cms', '-in', input, '-out', out, ...options);
      return await readFile(out);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export type OpensslWorkshop = Awaited<ReturnType<typeof opensslWorkshop>>;
