// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Address, TenantId } from '@securemail/contracts';
import { createLogger } from '@securemail/telemetry';
import { readExchangeLists } from './forwarding.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forwarding-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['ola@demo.example', true],
  ['Ola+x@demo.example', true],
  ['eva+x@demo.example', false],
  ['ola@other.example', false],
])('whether %s forwards outside, by plus addressing as well: %s', async (address, forwards) => {
  const file = join(folder, 'mailboxes.csv');
  await writeFile(file, 'PrimarySmtpAddress,ForwardingSmtpAddress\nola@demo.example,smtp:ola@mail.example\n');
  const tenant = { id: TenantId.parse('demo'), domains: ['demo.example'], forwardingFiles: [file] };
  const directory = await readExchangeLists([], createLogger('test'));
  expect((await directory.of(tenant as never))(Address.parse(address))).toBe(forwards);
});

it('goes on with the newest list that could be read, also where nobody had asked for it', async () => {
  const file = join(folder, 'renewed.csv');
  await writeFile(file, 'PrimarySmtpAddress,ForwardingSmtpAddress\n');
  const tenant = { id: TenantId.parse('demo'), domains: ['demo.example'], forwardingFiles: [file] } as never;
  const directory = await readExchangeLists([tenant], createLogger('test'), {
    everyMs: 10,
    standsMs: 0,
    lostMs: 60_000,
    momentMs: 0,
  });
  await writeFile(file, 'PrimarySmtpAddress,ForwardingSmtpAddress\nola@demo.example,smtp:ola@mail.example\n');
  await sleep(500);
  await writeFile(file, 'no list of mailboxes\n');
  expect((await directory.of(tenant))(Address.parse('ola@demo.example'))).toBe(true);
});

it('a mailbox of which it was known stays one that forwards outside while the list is written anew', async () => {
  const file = join(folder, 'anew.csv');
  const names = 'PrimarySmtpAddress,ForwardingSmtpAddress\n';
  await writeFile(
    file,
    `${names}anna@demo.example,\nbo@demo.example,\nola@demo.example,smtp:ola@mail.example\n`,
  );
  const tenant = { id: TenantId.parse('demo'), domains: ['demo.example'], forwardingFiles: [file] } as never;
  const directory = await readExchangeLists([tenant], createLogger('test', { level: 'silent' }));
  for (const part of [
    '',
    names,
    `${names}anna@demo.example,\n`,
    `${names}anna@demo.example,\nbo@demo.example,\n`,
  ]) {
    await writeFile(file, part);
    expect((await directory.of(tenant))(Address.parse('ola@demo.example'))).toBe(true);
  }
});
