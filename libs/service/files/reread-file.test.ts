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
  const warnings: string[] = [];
  const logger = { warn: (_: object, text: string) => warnings.push(text) } as unknown as Logger;
  const files = rereadFiles('the list', (text) => text, logger);
  await expect(files.contents(file)).rejects.toThrow('the list');
  await writeFile(file, 'one');
  expect(await files.contents(file)).toBe('one');
  await rm(file);
  expect(await files.contents(file)).toBe('one');
  expect(await files.contents(file)).toBe('one');
  expect(warnings).toHaveLength(1);
  await writeFile(file, 'another');
  expect(await files.contents(file)).toBe('another');
});
