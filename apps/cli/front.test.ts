// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICES } from '@securemail/contracts';
import { answererOf } from './front.ts';

const OPERATIONS = join(import.meta.dirname, '../../docs/operations.md');

/** Of the table of who answers what: `METHOD /path`, or a path that is for all methods, by service. */
async function documented(): Promise<[string, string, string][]> {
  const text = await readFile(OPERATIONS, 'utf8');
  const [, table = ''] = /\n\| asked for[^\n]*\n\|[^\n]*\n((?:\|[^\n]*\n)+)/.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [, paths = '', service = ''] = row.split('|').map((cell) => cell.trim());
      return [...paths.matchAll(/`([^`]+)`/g)].flatMap(([, path = '']): [string, string, string][] =>
        path.includes('{service}')
          ? SERVICES.map((each) => [path, path.replace('{service}', each), each])
          : [[path, path, service]],
      );
    });
}

it('who runs services apart is told of each path which one answers it, as the front of all has it', async () => {
  const rows = await documented();
  for (const [path, asked, service] of rows) {
    const [method, url] = asked.includes(' ') ? asked.split(' ') : ['GET', asked];
    const filled = url!.replaceAll('…', '').replaceAll(/\{[^}]+\}/g, 'x');
    expect([path, answererOf(method!, filled)]).toEqual([path, service]);
  }
  const named = rows.map(([path]) => path);
  for (const path of ['POST /v1/emails', 'POST /v1/emails/{id}/withdraw', '/mailbox…', '/console…'])
    expect(named).toContain(path);
  expect(new Set(rows.map(([, , service]) => service))).toEqual(new Set(SERVICES));
});

it('and how each of them is started', async () => {
  const text = await readFile(OPERATIONS, 'utf8');
  const row = text.split('\n').find((line) => line.startsWith('| a service as a process of its own'))!;
  for (const service of SERVICES) expect(row).toMatch(new RegExp(`services/${service}/main|\`${service}\``));
});
