// SPDX-License-Identifier: Apache-2.0
import { appendFile, chmod, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@securemail/telemetry';
import { rereadFiles } from './reread-file.ts';

const AT_ONCE = { everyMs: 60_000, standsMs: 0, lostMs: 60_000, momentMs: 0 };
const silent = { warn: () => undefined } as unknown as Logger;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reread-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('a file that is taken away stays in use as it was, is told of once, and is read when it is back', async () => {
  const file = join(folder, 'list');
  const warnings: object[] = [];
  const logger = { warn: (facts: object) => warnings.push(facts) } as unknown as Logger;
  const files = rereadFiles('the list', (text) => text, logger, AT_ONCE);
  await expect(files.contents(file)).rejects.toThrow('the list');
  await writeFile(file, 'one\n');
  expect(await files.contents(file)).toBe('one\n');
  await rm(file);
  expect(await files.contents(file)).toBe('one\n');
  expect(await files.contents(file)).toBe('one\n');
  expect(warnings).toEqual([{ file, reason: `tenants: the list ${file} can not be read` }]);
  await writeFile(file, 'another\n');
  expect(await files.contents(file)).toBe('another\n');
});

it('why a file is not understood is logged', async () => {
  const file = join(folder, 'broken');
  const warnings: object[] = [];
  const logger = { warn: (facts: object) => warnings.push(facts) } as unknown as Logger;
  const read = (text: string) => {
    if (text.startsWith('broken')) throw new Error('it has no columns');
    return text;
  };
  const files = rereadFiles('the list', read, logger, AT_ONCE);
  await writeFile(file, 'one\n');
  await files.contents(file);
  await writeFile(file, 'broken one\n');
  expect(await files.contents(file)).toBe('one\n');
  expect(warnings).toEqual([{ file, reason: 'it has no columns' }]);
});

it('a list that can not be read is told of once, and read as soon as it can be, without being replaced', async () => {
  const shared = await mkdtemp(join(tmpdir(), 'reread-'));
  await chmod(shared, 0o711);
  const file = join(shared, 'list');
  const warnings: object[] = [];
  const logger = { warn: (facts: object) => warnings.push(facts) } as unknown as Logger;
  const files = rereadFiles('the list', (text) => text, logger, AT_ONCE);
  await writeFile(file, 'one\n');
  expect(await files.contents(file)).toBe('one\n');
  await writeFile(file, 'another\n');
  await withoutRights(file, async () => {
    for (let look = 0; look < 3; look += 1) expect(await files.contents(file)).toBe('one\n');
  });
  expect(warnings).toEqual([{ file, reason: expect.stringContaining('EACCES') as unknown }]);
  expect(await files.contents(file)).toBe('another\n');
  await rm(shared, { recursive: true });
});

/** Root reads everything: it becomes nobody meanwhile. */
async function withoutRights(file: string, meanwhile: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  await chmod(file, isRoot ? 0o600 : 0);
  if (isRoot) process.seteuid?.(65_534);
  try {
    await meanwhile();
  } finally {
    if (isRoot) process.seteuid?.(0);
    else await chmod(file, 0o600);
  }
}

it('a list that was changed is found so also where its size and time are those of before', async () => {
  const file = join(folder, 'same-time');
  const files = rereadFiles('the list', (text) => text, silent, AT_ONCE);
  const then = new Date(Date.now() - 3_600_000);
  for (const text of ['one\n', 'two\n']) {
    await writeFile(file, text);
    await utimes(file, then, then);
    expect(await files.contents(file)).toBe(text);
  }
});

it.each([
  ['UTF-8', Buffer.from('blåbær\n')],
  ['UTF-16 of Windows', Buffer.from('\uFEFFblåbær\n', 'utf16le')],
  ['UTF-16, most significant octet first', Buffer.from('\uFEFFblåbær\n', 'utf16le').swap16()],
])('a file is read in %s', async (_, bytes) => {
  const file = join(folder, 'charset');
  await writeFile(file, bytes);
  const files = rereadFiles('the list', (text) => text, silent, AT_ONCE);
  expect(await files.contents(file)).toBe('blåbær\n');
});

describe('a list that is written where it is used', () => {
  const WHOLE = 'mailbox\nanna\nbo\nida\nola\n';
  const open = async (name: string, looking: object = {}) => {
    const file = join(folder, name);
    const warnings: [object, string][] = [];
    const logger = { warn: (...said: [object, string]) => warnings.push(said) } as unknown as Logger;
    await writeFile(file, WHOLE);
    const files = rereadFiles('the list', (text) => text, logger, { ...AT_ONCE, ...looking });
    await files.contents(file);
    return { file, files, warnings };
  };

  it('counts once it has stood unchanged, and not before', async () => {
    const { file, files } = await open('growing', { standsMs: 300 });
    for (const part of ['mailbox\nanna\nbo\n', 'mailbox\nanna\nbo\nida\n', `${WHOLE}per\n`]) {
      await writeFile(file, part);
      expect(await files.contents(file)).toBe(WHOLE);
      await sleep(100);
      expect(await files.contents(file)).toBe(WHOLE);
    }
    await sleep(300);
    expect(await files.contents(file)).toBe(`${WHOLE}per\n`);
  });

  it('counts at once where it was made aside before, and is put into its place', async () => {
    const { file, files } = await open('moved', { standsMs: 60_000 });
    await writeFile(`${file}.new`, 'mailbox\nanna\nbo\nida\n');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(`${file}.new`, anHourAgo, anHourAgo);
    await rename(`${file}.new`, file);
    expect(await files.contents(file)).toBe('mailbox\nanna\nbo\nida\n');
  });

  it.each([
    ['nothing', ''],
    ['a part of a line', 'mailbox\nanna\nbo\nida\nol'],
  ])('is not whole with %s, and the former one stays', async (name, text) => {
    const { file, files, warnings } = await open(name);
    await writeFile(file, text);
    expect(await files.contents(file)).toBe(WHOLE);
    expect(warnings).toEqual([
      [expect.objectContaining({ reason: expect.stringContaining('is not whole') }), expect.any(String)],
    ]);
    await expect(rereadFiles('the list', (read) => read, silent, AT_ONCE).contents(file)).rejects.toThrow(
      'is not whole',
    );
  });

  it('waits longer where it has lost more than half of its lines, and is told of as long as it does', async () => {
    const { file, files, warnings } = await open('lost', { lostMs: 400 });
    await writeFile(file, 'mailbox\nanna\n');
    expect(await files.contents(file)).toBe(WHOLE);
    await sleep(50);
    expect(await files.contents(file)).toBe(WHOLE);
    expect(warnings.length).toBeGreaterThan(1);
    expect(warnings[0]).toEqual([
      expect.objectContaining({ file, lines: 2, formerLines: 5 }),
      expect.stringContaining('lost more than half of its lines'),
    ]);
    await sleep(400);
    expect(await files.contents(file)).toBe('mailbox\nanna\n');
  });

  it('waits no longer for being touched, or written again as it was', async () => {
    const { file, files } = await open('touched', { lostMs: 400 });
    const begun = Date.now();
    for (let touches = 0; Date.now() - begun < 500; touches += 1) {
      if (touches % 2 === 0) await writeFile(file, 'mailbox\nanna\n');
      else await chmod(file, touches % 4 === 1 ? 0o600 : 0o640);
      await files.contents(file);
      await sleep(50);
    }
    expect(await files.contents(file)).toBe('mailbox\nanna\n');
  });

  it('is told of also where nobody asks', async () => {
    const { file, warnings } = await open('unasked', { everyMs: 20 });
    await writeFile(file, 'mailbox\n');
    while (warnings.length === 0) await sleep(10);
    expect(warnings[0]?.[0]).toMatchObject({ lines: 1 });
  });

  it('is not taken at the start while it grows', async () => {
    const file = join(folder, 'at-start');
    await writeFile(file, 'mailbox\n');
    const looking = { ...AT_ONCE, standsMs: 60_000, momentMs: 100 };
    const read = rereadFiles('the list', (text) => text, silent, looking).contents(file);
    await sleep(20);
    await appendFile(file, 'anna\n');
    await expect(read).rejects.toThrow('is being written');
  });
});
