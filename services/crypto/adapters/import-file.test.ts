// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority } from '@securemail/testing';
import { namesFor, type ImportItem } from '../domain/import-item.ts';
import { readImportFile } from './import-file.ts';

const authority = await createCertificateAuthority({ name: 'Trusted' });
const issued = await authority.issueOrganisation({ domain: 'xn--rd-lka.example', name: 'Rød' });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-file-'));
  await writeFile(join(folder, 'rød.pem'), issued.certificatePem);
});
afterEach(() => rm(folder, { recursive: true }));

async function itemsIn(name: string, content: Buffer): Promise<ImportItem[]> {
  const path = join(folder, name);
  await writeFile(path, content);
  const { items } = await readImportFile({ path, format: null, domain: null, password: '' });
  const found: ImportItem[] = [];
  for await (const item of items()) found.push(item);
  return found;
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const table = ['domain,certificate', 'rød.example,rød.pem', 'RØD.example,rød.pem', ''].join('\r\n');

it.each<[string, Buffer]>([
  ['UTF-8', Buffer.from(table)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${table}`)],
  ['UTF-16 as Excel writes it', Buffer.from(`\ufeff${table.replaceAll(',', '\t')}`, 'utf16le')],
  ['UTF-16, the high octet first', utf16be(`\ufeff${table}`)],
])('a partner list in %s is read', async (_, content) => {
  const items = await itemsIn('partners.csv', content);
  expect(items.map(({ place }) => place)).toEqual(['line 2', 'line 3']);
  for (const item of items)
    expect('refused' in item ? item : namesFor(item)).toEqual({
      ok: true,
      names: [{ kind: 'organisation', name: 'xn--rd-lka.example' }],
    });
});

it.each<[string, string, Buffer]>([
  ['UTF-16 without a byte order mark', 'partners.csv', Buffer.from(table.repeat(100), 'utf16le')],
  ['UTF-32', 'partners.csv', Buffer.from(`\ufeff${table}`.replaceAll(/./gs, '$&\0'), 'utf16le')],
  ['UTF-16 without a byte order mark', 'partners.json', utf16be('[{"domain": "a"}, 1, 2, 3]')],
  ['no text', 'partners.json', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 10, 0, 10])],
])('a partner list in %s (%s) is refused once, with what to do', async (_, name, content) => {
  const refused: unknown = expect.stringMatching(/no text in UTF-8.*save it as/);
  expect(await itemsIn(name, content)).toEqual([{ place: 'the file', refused }]);
});

it('a list as JSON in UTF-16 is read, and what is no object in it is refused alone', async () => {
  const entry = { domain: 'rød.example', certificate: 'rød.pem' };
  const text = `\ufeff[\n${JSON.stringify(entry)},\n"and",\n${JSON.stringify(entry)}]`;
  const items = await itemsIn('partners.json', Buffer.from(text, 'utf16le'));
  expect(items.map((item) => [item.place, 'refused' in item])).toEqual([
    ['line 2', false],
    ['line 3', true],
    ['line 4', false],
  ]);
});
