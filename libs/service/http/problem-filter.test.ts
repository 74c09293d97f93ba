// SPDX-License-Identifier: Apache-2.0
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createLogger } from '@securemail/telemetry';
import { defaultHeaders } from './default-headers.ts';
import { ProblemFilter } from './problem-filter.ts';
import { Problem } from './problem.ts';
import type { ProblemSlug } from './problems.ts';

@Controller('people')
class PeopleController {
  @Get(':who/:problem')
  refuse(@Param('problem') slug: ProblemSlug): never {
    throw new Problem(slug, 'As it was asked for.');
  }
}

@Module({ controllers: [PeopleController] })
class PeopleModule {}

let application: NestExpressApplication;
let url: string;
const lines: string[] = [];
beforeAll(async () => {
  const destination = { write: (line: string) => lines.push(line) };
  application = await NestFactory.create<NestExpressApplication>(PeopleModule, { logger: false });
  application.use(defaultHeaders);
  application.useGlobalFilters(new ProblemFilter(createLogger('test', { level: 'info', destination })));
  await application.listen(0, '127.0.0.1');
  url = await application.getUrl();
});
afterAll(() => application.close());
beforeEach(() => {
  lines.length = 0;
});

it.each(['forbidden', 'unauthenticated', 'rate-limited', 'wrong-code', 'wrong-password'] as const)(
  'notes that somebody was refused, at which route, and not whom it was about: %s',
  async (slug) => {
    await fetch(`${url}/people/bo/${slug}`);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'request refused', problem: slug, method: 'GET', route: '/people/:who/:problem' },
    ]);
    expect(lines.join('')).not.toContain('bo/');
  },
);

it.each(['not-signed-in', 'invalid-request', 'not-found'] as const)(
  'notes nothing of what anybody may be told: %s',
  async (slug) => {
    await fetch(`${url}/people/bo/${slug}`);
    expect(lines).toEqual([]);
  },
);

it('notes a request that broke off on its way as what it is, and alarms nobody', async () => {
  await fetch(`${url}/people/bo/incomplete-message`);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'info', msg: 'request broken off', method: 'GET', route: '/people/:who/:problem' },
  ]);
});

it('says in each answer, also to paths that lead nowhere, that nothing of it runs, loads or is framed', async () => {
  for (const path of ['/people/bo/forbidden', '/nowhere', '/%ff']) {
    const { headers } = await fetch(url + path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
  }
});
