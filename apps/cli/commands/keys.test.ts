// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCrypto } from '@securemail/crypto';
import { createCertificateAuthority, createDatabase, type CertificateAuthority } from '@securemail/testing';
import { stringify } from 'yaml';
import { AllSettings } from '../settings.ts';
import { ensureDemoFiles, PEOPLE } from '../world/demo-files.ts';
import { demoSettings } from '../world/demo-settings.ts';
import { keys } from './keys.ts';

let folder: string;
let config: string;
let certificates: string;
let authority: CertificateAuthority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-test-'));
  const paths = await ensureDemoFiles(folder);
  const databaseUrl = await createDatabase();
  const ports = { ownMailServerPort: 1, outsidePort: 1, smtpPort: 0 };
  const settings = demoSettings({ paths, databaseUrl, brokers: null, ...ports });
  ({ config, certificates } = paths);
  await writeFile(config, stringify(settings));
  authority = await createCertificateAuthority({ name: 'Public' });
  await writeFile(join(certificates, 'authorities/public.pem'), authority.certificatePem);
  // Brings the schema up to date.
  await (await startCrypto(AllSettings.parse(settings))).close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const WHO = ['--by', 'ops', '--reason', 'agreed'];
async function run(...args: string[]) {
  const out = { printed: '', said: '', asked: '' };
  const command = keys(
    { print: (text) => (out.printed += text), say: (text) => (out.said += text) },
    (question) => {
      out.asked += question;
      return Promise.resolve('typed');
    },
  ).exitOverride();
  for (const each of command.commands) each.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(['--config', config, ...args], { from: 'user' });
  return out;
}
const write = async (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const sha256Of = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

/** All private keys that lie in files of their own, as they would show in an output. */
const PRIVATE = /PRIVATE KEY|[A-Za-z0-9+/=]{200,}/;

describe('securemail keys', () => {
  it('lists what signs', async () => {
    const { printed } = await run('list');
    expect(printed).toMatch(new RegExp(`^signs  person  ${PEOPLE.anna}  [0-9a-f]{16}  `, 'm'));
    expect(printed).toMatch(/^signs {2}organisation {2}demo\.example/m);
    expect(printed).not.toMatch(PRIVATE);
  });

  it('takes in a PKCS#12 file, whose password is typed or lies in a file', async () => {
    const issue = (email: string) => authority.issuePerson({ email, name: email });
    const [typed, filed] = await Promise.all([issue('typed@demo.example'), issue('filed@demo.example')]);
    const one = await run('import', await write('typed.p12', typed.pkcs12('typed')), ...WHO);
    expect(one).toMatchObject({ asked: 'Password of the PKCS#12 file: ' });
    expect(one.printed).toMatch(
      `imported for typed@demo.example: ${sha256Of(typed.certificatePem).slice(0, 16)}`,
    );
    const file = await write('password', 'in a file\n');
    const path = await write('filed.p12', filed.pkcs12('in a file'));
    const other = await run('import', path, '--password-file', file, ...WHO);
    expect(other).toMatchObject({ asked: '' });
    expect(await run('list').then(({ printed }) => printed)).toContain('signs  person  filed@demo.example');
  });

  it('a password is never an argument, and a change has a who and a why', async () => {
    await expect(run('import', 'x.p12', '--password', 'secret', ...WHO)).rejects.toThrow('unknown option');
    await expect(run('csr', '--for', 'demo.example')).rejects.toThrow("required option '--by <name>'");
  });

  it('asks an authority for a certificate, and shows what waits', async () => {
    const { printed, said } = await run('csr', '--for', 'uma@demo.example', '--name', 'Uma Holm', ...WHO);
    expect(printed).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(printed).not.toContain('PRIVATE');
    expect(said).toContain('waits for its certificate');
    const listed = await run('list');
    expect(listed.printed).toMatch(/^pending {2}person {2}uma@demo\.example {2}waits/m);
  });

  it('issues by the built-in authority, lets the new key sign, and retires it', async () => {
    await expect(run('authority')).rejects.toThrow('there is none yet');
    const issue = ['issue', '--for', PEOPLE.anna, '--key', 'p-256', ...WHO];
    await expect(run(...issue)).rejects.toThrow(/signs for .*--replace$/);
    await expect(run('authority')).rejects.toThrow('there is none yet');
    const { printed, said } = await run(...issue, '--replace');
    expect(printed).not.toMatch(PRIVATE);
    expect(said).toContain('The built-in authority was made');
    expect(said).toMatch(
      new RegExp(
        `^It signs in place of [0-9a-f]{16}, issued by CN=.+, which signed for ${PEOPLE.anna}\\.$`,
        'm',
      ),
    );
    expect(said).toContain('Only who trusts the built-in authority trusts what it signs');
    const own = new X509Certificate((await run('authority')).printed);
    expect(own.subject).toContain('internal');
    const lines = (await run('list')).printed.split('\n').filter((line) => line.includes(PEOPLE.anna));
    expect(lines.map((line) => line.split('  ')[0])).toEqual(['signs', 'superseded']);
    const sha256 = /: ([0-9a-f]{16}), /.exec(printed)?.[1] ?? '';
    const retired = await run('retire', sha256, '--by', 'ops', '--reason', 'a trial\u001b[2J');
    expect(retired.printed).toBe(`retired for ${PEOPLE.anna}\n`);
    const after = await run('list');
    expect(after.printed).toContain('opens only, says ops: a trial');
    expect(after.printed).not.toContain('\u001b');
    const last = lines[1]?.split('  ')[3] ?? '';
    expect((await run('retire', last, ...WHO)).said).toContain(`Nobody signs for ${PEOPLE.anna} any more.`);
  });

  it('tells in JSON all there is about a key, but the key', async () => {
    const { printed } = await run('--json', 'list');
    const views = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; state: string; history: unknown[] });
    expect(views).toContainEqual(
      expect.objectContaining({
        name: 'typed@demo.example',
        state: 'signs',
        history: [expect.objectContaining({ change: 'imported', by: 'ops', reason: 'agreed' })],
      }),
    );
    expect(printed).not.toContain('PRIVATE');
    for (const file of await readdir(join(certificates, 'keys'), { recursive: true })) {
      if (!file.endsWith('.password')) continue;
      const password = await readFile(join(certificates, 'keys', file), 'utf8');
      expect(printed).not.toContain(password.trim());
    }
  });

  it.each([
    ['a stranger', 'eve@else.example'],
    ['what is no address', 'no one@'],
  ])('for %s nothing is done', async (_, who) => {
    await expect(run('issue', '--for', who, ...WHO)).rejects.toThrow(
      /not a domain of|an address or a domain/,
    );
  });
});
