// SPDX-License-Identifier: Apache-2.0
import type { Command } from 'commander';
import { smimeCommand } from './command.ts';
import type { SmimeOptions } from './smime.ts';

async function parsed(...words: string[]): Promise<SmimeOptions> {
  let found: SmimeOptions | undefined;
  const command: Command = smimeCommand((options) => {
    found = options;
    return Promise.resolve();
  });
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(words, { from: 'user' });
  return found!;
}

it('without options all of it is measured, from 10 KB to 100 MB', async () => {
  expect(await parsed()).toEqual({
    ops: ['sign', 'encrypt', 'sign+encrypt', 'open+verify'],
    algs: ['rsa-2048', 'p-256'],
    bytes: [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000],
    recipients: [1, 50],
    peers: ['pkijs', 'forge', 'bouncycastle', 'openssl'],
    parts: ['speed', 'memory', 'parallel'],
    seconds: 1,
    rounds: 5,
    patience: 20,
    memoryBytes: 1_000_000_000,
    json: false,
  });
});

it('numbers that are given take the place of the default ones', async () => {
  expect(await parsed('--bytes', '1000', '2000', '--recipients', '3', '--json')).toMatchObject({
    bytes: [1_000, 2_000],
    recipients: [3],
    json: true,
  });
});

it.each([
  ['--bytes', '0'],
  ['--bytes', '1.5'],
  ['--recipients', 'many'],
  ['--seconds', '-1'],
  ['--ops', 'compress'],
  ['--peers', 'nobody'],
])('%s %s is refused', async (...words) => {
  await expect(parsed(...words)).rejects.toThrow();
});
