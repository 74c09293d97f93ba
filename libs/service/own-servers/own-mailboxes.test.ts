// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Address } from '@securemail/contracts';
import { createLogger, startTelemetry, type Telemetry } from '@securemail/telemetry';
import {
  CollectedMetrics,
  createCertificateAuthority,
  startSmtpSink,
  type SmtpSink,
} from '@securemail/testing';
import { Tenant } from '../settings/tenant.ts';
import { openMailboxDirectory } from './mailbox-lists.ts';
import { ownMailboxes } from './own-mailboxes.ts';

let folder: string;
let server: SmtpSink;
let telemetry: Telemetry;
let metrics: CollectedMetrics;
let tenant: Tenant;
beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  folder = await mkdtemp(join(tmpdir(), 'own-mailboxes-'));
  const authority = await createCertificateAuthority({ name: 'Own' });
  const caFile = join(folder, 'own.pem');
  await writeFile(caFile, authority.certificatePem);
  server = await startSmtpSink({ tls: await authority.issueServer({ names: ['mail.demo.example'] }) });
  tenant = Tenant.parse({
    id: 'demo',
    name: 'Demo',
    domains: ['demo.example'],
    mailServers: [{ host: '127.0.0.1', port: server.port, tlsName: 'mail.demo.example', caFile }],
  });
});
afterEach(async () => {
  await server.stop();
  await telemetry.shutdown();
  await rm(folder, { recursive: true });
});

const asked = async () => {
  const points = await metrics.points('securemail.mailboxes.asked');
  return Object.fromEntries(
    points.map(({ attributes, value }) => [String(attributes['securemail.outcome']), value]),
  );
};

it('whom too many are asked for at a time is no fault of a server, and is asked for again at once', async () => {
  const logger = createLogger('test', { level: 'silent' });
  const directory = await openMailboxDirectory([tenant], logger);
  const mailboxes = ownMailboxes(
    directory,
    { hostname: 'gateway.example', timeoutMs: 10_000, mostASecond: 2 },
    logger,
  );
  const colleagues = Array.from({ length: 6 }, (_, index) => Address.parse(`colleague${index}@demo.example`));
  const answers = await Promise.all(colleagues.map((address) => mailboxes.ask(address, tenant)));
  expect(answers).toEqual(['known', 'known', 'no-answer', 'no-answer', 'no-answer', 'no-answer']);
  expect(await asked()).toEqual({ known: 2, 'not-asked': 4, 'no-answer': 0 });
  expect(await mailboxes.takes(colleagues[2]!, tenant)).not.toBeNull();
  let answer = await mailboxes.ask(colleagues[2]!, tenant);
  while (answer !== 'known') answer = await mailboxes.ask(colleagues[2]!, tenant);
  await server.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await mailboxes.ask(colleagues[5]!, tenant)).toBe('no-answer');
  expect(await asked()).toMatchObject({ 'no-answer': 1 });
});
