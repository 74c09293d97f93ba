// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { TenantId } from '@securemail/contracts';
import { openPolicies } from '@securemail/service';
import { httpFetcher, revocationChecker } from '@securemail/smime';
import { createLogger, startTelemetry, type Telemetry } from '@securemail/telemetry';
import { CollectedMetrics } from '@securemail/testing';
import { recordCheck } from './adapters/certificate-changes.ts';
import { watchCertificates } from './certificate-watch.ts';
import { watchRevocation } from './revocation-watch.ts';
import { directoryIn } from './testing/directory-of.ts';
import { sha256Of } from './testing/openssl.ts';
import { revocableCast } from './testing/revocable.ts';
import { openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

let metrics: CollectedMetrics;
let telemetry: Telemetry;
let world: CryptoWorld;
beforeAll(async () => {
  metrics = new CollectedMetrics();
  telemetry = await startTelemetry({ serviceName: 'test', metricReaders: [metrics] });
  world = await openCryptoWorld({ keyless: { signatureCertificates: 'never', forbiddenMethods: ['tls'] } });
});
afterAll(async () => {
  await world.close();
  await telemetry.shutdown();
});

const DAY = 24 * 60 * 60 * 1_000;

it('once a day the log warns of what nears its end, naming no person, and a gauge shows how many are in which state', async () => {
  const { importPem, of } = await directoryIn(world);
  const issue = (days: number) =>
    world.cast.authority.issuePerson({
      email: `days-${days}@citizen.example`,
      name: 'Somebody',
      validity: { notBefore: new Date(0), notAfter: new Date(Date.now() + days * DAY) },
    });
  const [soon, later] = await Promise.all([issue(5), issue(50)]);
  await importPem(soon.certificatePem + later.certificatePem);
  let said = '';
  const logger = createLogger('crypto', {
    level: 'info',
    destination: { write: (line) => (said += line) },
  });
  const all = world.settings().tenants;
  // A key signs for one domain of two.
  const two = all
    .filter(({ id }) => id === 'keyless')
    .map((tenant) => ({ ...tenant, id: TenantId.parse('two'), domains: ['demo.example', 'ward.example'] }));
  const tenants = new Map([...all, ...two].map((tenant) => [tenant.id, tenant]));
  const policies = await openPolicies({ pool: world.pool, tenants, logger });
  const platform = { pool: world.pool, logger, tenants, policies };
  // It was read without keys.
  const directory = { ...of.directory, anySignerWithin: (domain: string) => domain === 'demo.example' };
  const watch = watchCertificates(platform, () => directory);
  while (!said.includes('Signature certificates')) await sleep(20);
  const once = said;
  const warned = said
    .trim()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { what: string; entries: number; sha256: string[]; tenantIds: string[] },
    );
  expect(warned.pop()?.tenantIds).toEqual(['demo', 'no-personal', 'no-domain']);
  expect(warned.pop()).toMatchObject({
    tenantIds: ['keyless', 'two'],
    named: ['keyless.example', 'ward.example'],
  });
  expect(warned.map(({ what, entries }) => [what, entries])).toEqual([
    ['expires within 7 days', 1],
    ['expires within 60 days', 1],
    ['expired', 4],
    ['untrusted', 1],
    ['unsuitable', 2],
  ]);
  expect(warned[0]?.sha256).toEqual([sha256Of(soon.certificatePem).slice(0, 16)]);
  expect(said).not.toContain('citizen');
  const points = await metrics.points('securemail.certificates');
  const byState = new Map(
    points.map(({ attributes, value }) => [attributes['securemail.certificate.state'], value]),
  );
  expect(Object.fromEntries(byState)).toMatchObject({
    valid: expect.any(Number) as unknown,
    expiring: 2,
    expired: 4,
    'not-yet-valid': 1,
    revoked: 0,
    untrusted: 1,
    unsuitable: 2,
    conflicting: 0,
  });
  // A second one waits for the first to go.
  const second = watchCertificates(platform, () => directory);
  await sleep(300);
  expect(said).toBe(once);
  await second.close();
  await watch.close();
  await policies.close();
});

it('a certificate of the folder that was revoked is told of, whichever organisation was told so by its authority', async () => {
  const revocable = await revocableCast();
  const { people } = revocable;
  await world.cast.write('authorities/revocable.pem', revocable.authorityPem);
  for (const name of ['revoked-by-list', 'good-by-list'] as const)
    await world.cast.write(`people/${name}.pem`, people[name].certificatePem);
  const { of } = await directoryIn(world);
  const logger = createLogger('crypto', { level: 'silent' });
  const { tenants } = world.settings();
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const policies = await openPolicies({ pool: world.pool, tenants: byId, logger });
  const checker = revocationChecker({ fetcher: httpFetcher({ privateHosts: true }) });
  const directory = () => of.directory;
  const asking = watchRevocation(
    { pool: world.pool, logger, tenants: () => [of.tenantId] },
    directory,
    checker,
    DAY,
  );
  const sha256 = sha256Of(people['revoked-by-list'].certificatePem);
  const statuses = async () =>
    (
      await world.pool.query<{ status: string }>(
        'select status from certificate_checks where sha256 = any($1)',
        [[sha256, sha256Of(people['good-by-list'].certificatePem)]],
      )
    ).rows.map(({ status }) => status);
  while ((await statuses()).length < 2) await sleep(20);
  expect((await statuses()).toSorted()).toEqual(['good', 'revoked']);
  await asking.close();
  // Another one of the organisations asked before it was revoked, and one that is configured no more was told otherwise.
  const record = async (tenantId: string, name: keyof typeof people, status: 'good' | 'revoked') => {
    const change = { tenantId: TenantId.parse(tenantId), by: 'ops', reason: 'a test', at: new Date() };
    const entries = of.directory.fromFolder({ kind: 'person', name: `${name}@citizen.example` });
    expect(entries).toHaveLength(1);
    await recordCheck(world.pool, change, entries, { status, detail: 'a test', checkedAt: new Date() });
  };
  await record('no-personal', 'revoked-by-list', 'good');
  await record('gone', 'good-by-list', 'revoked');
  let said = '';
  const telling = createLogger('crypto', {
    level: 'info',
    destination: { write: (line) => (said += line) },
  });
  const platform = { pool: world.pool, logger: telling, tenants: byId, policies };
  const watch = watchCertificates(platform, directory);
  while (!said.includes('Signature certificates')) await sleep(20);
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { what?: string; entries?: number; sha256?: string[] });
  expect(lines.filter(({ what }) => what === 'revoked')).toMatchObject([
    { entries: 1, sha256: [sha256.slice(0, 16)] },
  ]);
  expect(await metrics.value('securemail.certificates', { 'securemail.certificate.state': 'revoked' })).toBe(
    1,
  );
  await watch.close();
  await policies.close();
  await revocable.close();
});

const KEY = "hashtextextended('certificates', 0)";

it('who does not look any more shows none, and not what it counted last', async () => {
  const { of } = await directoryIn(world);
  const logger = createLogger('crypto');
  const policies = await openPolicies({ pool: world.pool, tenants: new Map(), logger });
  const platform = { pool: world.pool, logger, tenants: new Map(), policies };
  const watch = watchCertificates(platform, () => of.directory);
  const holding = async (how: 'granted' | 'not granted', what = 'pid') =>
    (
      await world.pool.query(`select ${what} from pg_locks where ${how} and locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32) | objid::bigint = ${KEY}`)
    ).rowCount;
  const valid = () => metrics.value('securemail.certificates', { 'securemail.certificate.state': 'valid' });
  // A gauge goes on telling what the watch of an earlier test counted.
  while ((await holding('granted')) === 0 || (await valid()) === 0) await sleep(20);
  // Another one waits for its place before it is gone, and so has it by the time it asks again.
  const taken = world.pool.query(`select pg_advisory_lock(${KEY})`);
  while ((await holding('not granted')) === 0) await sleep(20);
  await holding('granted', 'pg_terminate_backend(pid)');
  await taken;
  while ((await valid()) !== 0) await sleep(20);
  await watch.close();
  await policies.close();
});
