// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@securemail/telemetry';
import { rereadFiles } from './reread-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reread-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('a file that is taken away stays in use as it was, is told of once, and is read when it is back', async () => {
  const file = join(folder, 'list');
  const warnings: object[] = [];
  const logger = { warn: (facts: object) => warnings.push(facts) } as unknown as Logger;
  const files = rereadFiles('the list', (text) => text, logger);
  await expect(files.contents(file)).rejects.toThrow('the list');
  await writeFile(file, 'one');
  expect(await files.contents(file)).toBe('one');
  await rm(file);
  expect(await files.contents(file)).toBe('one');
  expect(await files.contents(file)).toBe('one');
  expect(warnings).toEqual([{ file, reason: `tenants: the list ${file} can not be read` }]);
  await writeFile(file, 'another');
  expect(await files.contents(file)).toBe('another');
});

it('why a file is not understood is logged', async () => {
  const file = join(folder, 'broken');
  const warnings: object[] = [];
  const logger = { warn: (facts: object) => warnings.push(facts) } as unknown as Logger;
  const read = (text: string) => {
    if (text.startsWith('broken')) throw new Error('it has no columns');
    return text;
  };
  const files = rereadFiles('the list', read, logger);
  await writeFile(file, 'one');
  await files.contents(file);
  await writeFile(file, 'broken one');
  expect(await files.contents(file)).toBe('one');
  expect(warnings).toEqual([{ file, reason: 'it has no columns' }]);
});

it.each([
  ['UTF-8', Buffer.from('blåbær')],
  ['UTF-16 of Windows', Buffer.from('\uFEFFblåbær', 'utf16le')],
  ['UTF-16, most significant octet first', Buffer.from('\uFEFFblåbær', 'utf16le').swap16()],
])('a file is read in %s', async (_, bytes) => {
  const file = join(folder, 'charset');
  await writeFile(file, bytes);
  const files = rereadFiles('the list', (text) => text, { warn: () => undefined } as unknown as Logger);
  expect(await files.contents(file)).toBe('blåbær');
});
