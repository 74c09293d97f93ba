// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Prints much, in pieces, and then says that it came to its end. */
const printing = `
  const { goOnWithoutReader } = await import(${JSON.stringify(join(import.meta.dirname, 'output.ts'))});
  goOnWithoutReader();
  for (let line = 0; line < 1_000; line += 1) {
    process.stdout.write('x'.repeat(1_000) + '\\n');
    await new Promise(setImmediate);
  }
  process.exitCode = 3;
  process.stderr.write('came to its end');`;
const into = (where: string) => {
  const command = `"$0" --input-type=module --no-warnings -e "$1" ${where}; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, printing], {
    encoding: 'utf8',
  });
  return { status, stderr };
};

it('does all of its work where its reader has enough, and ends as it would', () => {
  expect(into('| head -c 1')).toEqual({ status: 3, stderr: 'came to its end' });
});

// Only Linux has a file that is always full.
(existsSync('/dev/full') ? it : it.skip)('ends with 1 and a line where nothing more can be written', () => {
  const { status, stderr } = into('> /dev/full');
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^what is printed can not be written: .*\n$/)]);
});

it('prints all for who reads all', () => {
  expect(into('> /dev/null')).toEqual({ status: 3, stderr: 'came to its end' });
});
