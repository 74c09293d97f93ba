// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPasswordHash } from '@securemail/sign-in';
import { consoleCommand } from './console.ts';

const MAIN = join(import.meta.dirname, '../../../dist/apps/cli/main.js');
const PASSWORD = 'correct horse battery';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hash-password-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function hash(options: string[], ...answers: string[]): Promise<string> {
  let said = '';
  const command = consoleCommand(
    (text) => (said += text),
    () => Promise.resolve(answers.shift() ?? ''),
  );
  await command.parseAsync(['hash-password', ...options], { from: 'user' });
  return said;
}

describe('securemail console hash-password', () => {
  it('prints what an account has, or writes it to a file that is its operator’s alone', async () => {
    expect(isPasswordHash((await hash([], PASSWORD, PASSWORD)).trim())).toBe(true);
    const out = join(folder, 'olga.hash');
    // Also in place of the one of before, whoever could read that.
    await writeFile(out, 'before', { mode: 0o644 });
    expect(await hash(['--out', out], PASSWORD, PASSWORD)).toBe('');
    expect(isPasswordHash((await readFile(out, 'utf8')).trim())).toBe(true);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['olga.hash']);
  });

  it.each([
    ['is too short', ['short', 'short']],
    ['is longer than one can be that signs in', ['x'.repeat(1_001), 'x'.repeat(1_001)]],
    ['is typed differently', [PASSWORD, `${PASSWORD}!`]],
  ])('leaves a file as it was where the password %s', async (_, answers) => {
    const out = join(folder, 'olga.hash');
    await expect(hash(['--out', out], ...answers)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
    await writeFile(out, 'before');
    await expect(hash(['--out', out], ...answers)).rejects.toThrow();
    expect(await readFile(out, 'utf8')).toBe('before');
  });

  it('says without a terminal how else a password is given, and leaves no file', async () => {
    const out = join(folder, 'olga.hash');
    const run = (...options: string[]) =>
      spawnSync(process.execPath, [MAIN, 'console', 'hash-password', '--out', out, ...options], {
        input: '',
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('no terminal to ask for the password: name --password-file');
    expect(await readdir(folder)).toEqual([]);
    await writeFile(join(folder, 'password'), `${PASSWORD}\n`);
    expect(run('--password-file', join(folder, 'password')).status).toBe(0);
    expect(isPasswordHash((await readFile(out, 'utf8')).trim())).toBe(true);
  });
});
