// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeGraph, type FakeGraph } from '@securemail/forwarding/testing';
import { forwardings } from './forwardings.ts';

let folder: string;
let graph: FakeGraph;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forwardings-test-'));
  await writeFile(path('secret'), 'a-secret\n');
  await writeFile(path('wrong'), 'another');
  const actions = { redirectTo: [{ emailAddress: { address: 'bo@private.example' } }] };
  graph = await startFakeGraph({
    clientSecret: 'a-secret',
    mailboxes: { 'bo@demo.example': [{ actions }], 'eva@demo.example': [{ isReadOnly: true }] },
  });
});
afterAll(async () => {
  await graph.close();
  await rm(folder, { recursive: true, force: true });
});

async function fetched(secret: string): Promise<string> {
  let said = '';
  const say = (text: string) => (said += text);
  const command = forwardings({ print: say, say }).exitOverride();
  const urls = ['--login-url', graph.url, '--graph-url', graph.url];
  const options = [
    '--directory',
    'demo',
    '--client',
    'app',
    '--secret-file',
    path(secret),
    '--out',
    path('list.csv'),
  ];
  await command.parseAsync(['fetch', ...options, ...urls], { from: 'user' });
  return said;
}

it('a list is fetched, and stays as it is where the next one can not be', async () => {
  expect(await fetched('secret')).toBe(
    '2 mailboxes, 0 people without one; 1 forward, 1 have rules that are not shown\n' +
      `1 mailboxes that forward are listed in ${path('list.csv')}\n` +
      'Microsoft Graph does not show what some rules of these mailboxes do; they count as forwarding outside until a list of Get-InboxRule shows them:\n' +
      '  eva@demo.example\n',
  );
  const list =
    'Mailbox,ForwardTo\r\nbo@demo.example,bo@private.example\r\neva@demo.example,"""not shown"" [UNSHOWN:1]"\r\n';
  expect(await readFile(path('list.csv'), 'utf8')).toBe(list);
  await expect(fetched('wrong')).rejects.toThrow(/sign in/);
  expect(await readFile(path('list.csv'), 'utf8')).toBe(list);
});
