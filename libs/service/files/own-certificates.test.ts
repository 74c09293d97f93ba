// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics, createCertificateAuthority, type CertificateAuthority } from '@securemail/testing';
import { watchOwnCertificates, type CertificatePair } from './own-certificates.ts';

const DAY = 86_400_000;
/** Certificates tell whole seconds. */
const NOW = Math.floor(Date.now() / 1_000) * 1_000;

let authority: CertificateAuthority;
let telemetry: Telemetry;
let metrics: CollectedMetrics;
let lines: Record<string, unknown>[];
let now: number;
let watched: { close(): Promise<void> };
beforeAll(async () => {
  authority = await createCertificateAuthority({ name: 'Own' });
});
beforeEach(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  lines = [];
  now = NOW;
});
afterEach(async () => {
  await watched.close();
  await telemetry.shutdown();
});

const pair = async (days: number): Promise<CertificatePair> => {
  const validity = { notBefore: new Date(NOW - 90 * DAY), notAfter: new Date(NOW + days * DAY) };
  const { certificatePem, keyPem } = await authority.issueServer({ names: ['gateway.example'], validity });
  return { cert: Buffer.from(certificatePem), key: Buffer.from(keyPem) };
};
const destination = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
/** @param read what is in the files by now. */
const watch = (read: () => CertificatePair, renewed: (pair: CertificatePair) => void = () => undefined) => {
  const one = { place: 'inbound' as const, setting: 'intake.inbound', read, renewed };
  const logger = createLogger('test', { level: 'info', destination });
  watched = watchOwnCertificates(logger, () => [one], { everyMs: 10, clock: () => now });
};
const left = () =>
  metrics.value('securemail.tls.certificate.remaining', { 'securemail.tls.place': 'inbound' });
const told = () => lines.map(({ msg, what }) => (what === undefined ? msg : what));

it('tells how long one still holds, and warns at the start, at 30 and 7 days and at its end, and once a day', async () => {
  const certificate = await pair(20);
  watch(() => certificate);
  while (lines.length === 0) await sleep(5);
  await sleep(50);
  expect(told()).toEqual(['expires within 30 days']);
  expect(lines[0]).toMatchObject({
    msg: 'a certificate of ours wants a successor',
    setting: 'intake.inbound',
    endsAt: new Date(NOW + 20 * DAY).toISOString(),
  });
  expect(await left()).toBe((20 * DAY) / 1_000);
  for (const days of [1, 15, 21]) {
    const before = lines.length;
    now = NOW + days * DAY;
    while (lines.length === before) await sleep(5);
  }
  expect(told()).toEqual([
    'expires within 30 days',
    'expires within 30 days',
    'expires within 7 days',
    'expired',
  ]);
  expect(await left()).toBe(-DAY / 1_000);
});

it('says nothing in the log of one that holds for long', async () => {
  const certificate = await pair(31);
  watch(() => certificate);
  while ((await left()) !== (31 * DAY) / 1_000) await sleep(5);
  await sleep(50);
  expect(lines).toEqual([]);
});

it('takes a new one once it stands, and never what is no pair', async () => {
  const [first, second] = [await pair(3), await pair(90)];
  let inFile: CertificatePair | Error = first;
  const inUse: CertificatePair[] = [];
  watch(
    () => {
      if (inFile instanceof Error) throw inFile;
      return inFile;
    },
    (renewed) => inUse.push(renewed),
  );
  while ((await left()) !== (3 * DAY) / 1_000) await sleep(5);
  inFile = new Error('no pair');
  while (!told().includes('a certificate of ours can not be read: the former one stays in use'))
    await sleep(5);
  await sleep(50);
  expect(lines).toHaveLength(2);
  expect(await left()).toBe((3 * DAY) / 1_000);
  inFile = second;
  while (inUse.length === 0) await sleep(5);
  await sleep(50);
  expect(inUse).toEqual([second]);
  expect(await left()).toBe((90 * DAY) / 1_000);
  expect(told().at(-1)).toBe('another certificate of ours is in use');
});
