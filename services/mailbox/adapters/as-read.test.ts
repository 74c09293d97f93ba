// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRead } from './as-read.ts';
import { readMessage } from './read-message.ts';

const INNER = [
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Kære Bo',
  '--b',
  'Content-Type: application/pdf; name=a.pdf',
  'Content-Disposition: attachment; filename=a.pdf',
  '',
  'x',
  '--b--',
  '',
].join('\r\n');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'as-read-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=Anna',
    '-keyout',
    at('key.pem'),
    '-out',
    at('cert.pem'),
  );
  writeFileSync(at('inner'), INNER);
  const head = ['-from', 'anna@demo.example', '-to', 'bo@citizen.example', '-subject', 'Decision'];
  const signed = [
    'cms',
    '-sign',
    '-nodetach',
    '-binary',
    '-in',
    at('inner'),
    '-signer',
    at('cert.pem'),
    '-inkey',
    at('key.pem'),
    ...head,
  ];
  openssl(...signed, '-out', at('signed.eml'));
  openssl(
    'cms',
    '-encrypt',
    '-aes256',
    '-binary',
    '-in',
    at('inner'),
    ...head,
    '-out',
    at('encrypted.eml'),
    at('cert.pem'),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const inCrlf = (name: string) =>
  Buffer.from(readFileSync(join(folder, name), 'latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
const opening = (message: Buffer) =>
  async function* () {
    for (let at = 0; at < message.length; at += 700)
      yield await Promise.resolve(message.subarray(at, at + 700));
  };

it('reads what was signed opaquely, with all that lies in it', async () => {
  const read = await readMessage(await asRead(opening(inCrlf('signed.eml'))));
  expect(read).toMatchObject({
    subject: 'Decision',
    text: 'Kære Bo',
    from: [{ address: 'anna@demo.example' }],
  });
  expect(read.parts.map(({ filename }) => filename)).toEqual(['a.pdf']);
});

it.each([
  ['what is encrypted for somebody', () => inCrlf('encrypted.eml')],
  ['what is damaged', () => inCrlf('signed.eml').subarray(0, 1_500)],
  ['a message like any other', () => Buffer.from(`Subject: Decision\r\n${INNER}`)],
  ['what has no header', () => Buffer.from('\r\n\r\nwords')],
])('leaves %s as it is', async (_what, message) => {
  const chunks: Buffer[] = [];
  for await (const chunk of await asRead(opening(message()))) chunks.push(chunk);
  expect(Buffer.concat(chunks).equals(message())).toBe(true);
});
