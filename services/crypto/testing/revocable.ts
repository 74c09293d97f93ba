// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { Reader } from './openssl.ts';

const run = promisify(execFile);
const NAMES = [
  'good-by-list',
  'revoked-by-list',
  'good-by-ocsp',
  'revoked-by-ocsp',
  'nobody-answers',
] as const;

export interface Revocable {
  authorityPem: string;
  /** `…@citizen.example`; what their authority says of them is their name. */
  people: Record<(typeof NAMES)[number], Reader>;
  close(): Promise<void>;
}

/** An authority made with the `openssl` program, which tells over HTTP on this machine whom it revoked. */
export async function revocableCast(): Promise<Revocable> {
  const folder = await mkdtemp(join(tmpdir(), 'revocable-'));
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const read = (name: string) => readFile(join(folder, name), 'latin1');

  let asked = 0;
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.url === '/list') return await readFile(join(folder, 'list.der'));
      if (request.url !== '/ocsp') throw new Error('nobody answers');
      // Several may ask at once.
      const number = (asked += 1);
      await writeFile(join(folder, `question-${number}`), await buffer(request));
      const by = ['-index', 'index', '-CA', 'root.pem', '-rsigner', 'root.pem', '-rkey', 'root.key'];
      await openssl(
        'ocsp',
        ...by,
        '-reqin',
        `question-${number}`,
        '-respout',
        `answer-${number}`,
        '-ndays',
        '1',
      );
      return await readFile(join(folder, `answer-${number}`));
    };
    answer().then(
      (bytes) => response.end(bytes),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await write(
    'root.ext',
    'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\nsubjectKeyIdentifier=hash\n',
  );
  const request = (name: string) =>
    openssl(
      ...['req', '-new', '-newkey', 'rsa:2048', '-noenc', '-keyout', `${name}.key`],
      ...['-subj', `/CN=${name}`, '-out', `${name}.req`],
    );
  await request('root');
  const signed = ['-days', '20', '-out', 'root.pem', '-extfile', 'root.ext'];
  await openssl('x509', '-req', '-in', 'root.req', '-signkey', 'root.key', ...signed);

  const index: string[] = [];
  const people: Partial<Revocable['people']> = {};
  for (const [number, name] of NAMES.entries()) {
    const tells = name.endsWith('ocsp')
      ? `authorityInfoAccess=OCSP;URI:${at}/ocsp`
      : `crlDistributionPoints=URI:${at}/${name.endsWith('list') ? 'list' : 'nothing'}`;
    await write(
      `${name}.ext`,
      'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n' +
        `extendedKeyUsage=emailProtection\nauthorityKeyIdentifier=keyid\nsubjectAltName=email:${name}@citizen.example\n${tells}\n`,
    );
    await request(name);
    const serial = `10${number}0`;
    await openssl(
      ...['x509', '-req', '-in', `${name}.req`, '-CA', 'root.pem', '-CAkey', 'root.key', '-days', '10'],
      ...['-set_serial', `0x${serial}`, '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
    people[name] = { certificatePem: await read(`${name}.pem`), keyPem: await read(`${name}.key`) };
    const revoked = name.startsWith('revoked');
    const state = [revoked ? 'R' : 'V', '361231235959Z', revoked ? '260101000000Z,keyCompromise' : ''];
    index.push([...state, serial, 'unknown', `/CN=${name}`].join('\t'));
  }
  await write('index', index.map((line) => `${line}\n`).join(''));
  await write('number', '01\n');
  await write(
    'config',
    '[ca]\ndefault_ca=one\n[one]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=1\ncrl_extensions=crl\n[crl]\nauthorityKeyIdentifier=keyid\n',
  );
  const made = ['-cert', 'root.pem', '-keyfile', 'root.key', '-out', 'list.pem'];
  await openssl('ca', '-gencrl', '-config', 'config', ...made);
  await openssl('crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.der');

  return {
    authorityPem: await read('root.pem'),
    people: people as Revocable['people'],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
