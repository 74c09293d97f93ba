// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { authenticate } from 'mailauth';
import {
  createCertificateAuthority,
  startDnsServer,
  startPolicyHost,
  startSmtpSink,
  type CertificateAuthority,
  type DnsRecord,
  type Issued,
  type PolicyHost,
  type RunningDnsServer,
  type SmtpSink,
} from '@securemail/testing';
import { OutsideSettings } from '@securemail/service';
import { createLogger } from '@securemail/telemetry';
import { reportRound, type Reporting } from './adapters/tls-reporter.ts';
import type { tlsReport } from './domain/tls-report.ts';
import { DeliverySettings } from './settings.ts';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';
import { reportingWith } from './tls-report-watch.ts';

const HOUR = 3_600_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Three domains with a policy each, and a host that takes reports over HTTPS and by mail. */
let authority: CertificateAuthority;
let certificates: Record<'dane' | 'broken' | 'sts' | 'else', Issued>;
let folder: string;
let dns: RunningDnsServer;
let policyHost: PolicyHost;
let sinks: Record<'dane' | 'broken' | 'sts' | 'reports', SmtpSink>;
let posted: { url: string | undefined; type: string | undefined; body: Buffer }[];
let answer: number;
let web: ReturnType<typeof createServer>;
let world: DeliveryWorld;
let running: { close(): Promise<void> } | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-reports-'));
  authority = await createCertificateAuthority({ name: 'Outside' });
  await writeFile(join(folder, 'outside.pem'), authority.certificatePem);
  await writeFile(join(folder, 'dkim.pem'), privateKey, { mode: 0o600 });
  const [dane, broken, sts, other, policy, reports] = await Promise.all(
    [
      'mx.dane.example',
      'mx.broken.example',
      'mx.partner.example',
      'mx.else.example',
      'mta-sts.partner.example',
      'reports.example',
    ].map((name) => authority.issueServer({ names: [name] })),
  );
  certificates = { dane: dane!, broken: broken!, sts: sts!, else: other! };
  policyHost = await startPolicyHost({ certificate: policy! });
  sinks = {
    dane: await startSmtpSink({ tls: certificates.dane }),
    broken: await startSmtpSink({ tls: certificates.else }),
    sts: await startSmtpSink({ tls: certificates.sts }),
    // What it speaks is no TLS any more: reports go there all the same.
    reports: await startSmtpSink({ tls: { ...certificates.else, maxVersion: 'TLSv1.1' } }),
  };
  [posted, answer] = [[], 201];
  web = createServer({ cert: reports!.certificatePem, key: reports!.keyPem }, (request, response) => {
    void buffer(request).then((body) => {
      posted.push({ url: request.url, type: request.headers['content-type'], body });
      response.writeHead(answer, { location: '/elsewhere' }).end();
    });
  });
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  dns = await startDnsServer();
  serve({});
  world = await openDeliveryWorld();
  running = null;
});
afterEach(async () => {
  await running?.close();
  web.closeAllConnections();
  web.close();
  await Promise.all([dns, policyHost, ...Object.values(sinks)].map((each) => each.stop()));
  await world.close();
  await rm(folder, { recursive: true });
});

const https = () => `https://reports.example:${(web.address() as AddressInfo).port}/tls?to=a`;
const MAILTO = 'mailto:tls%2Breports@reports.example';

function serve(places: Partial<Record<'dane' | 'broken' | 'partner', string>>) {
  const a = (name: string): DnsRecord => ({ type: 'A', name, data: '127.0.0.1' });
  const digest = (name: 'dane' | 'broken') =>
    createHash('sha256')
      .update(
        new X509Certificate(certificates[name].certificatePem).publicKey.export({
          type: 'spki',
          format: 'der',
        }),
      )
      .digest();
  const tlsa = (name: 'dane' | 'broken'): DnsRecord => ({
    type: 'TLSA',
    name: `_${sinks[name].port}._tcp.mx.${name}.example`,
    data: { usage: 3, selector: 1, matchingType: 1, certificate: digest(name) },
  });
  dns.serve({
    secure: ['dane.example', 'broken.example'],
    records: [
      ...['mx.dane', 'mx.broken', 'mx.partner', 'mta-sts.partner', 'reports', 'mx.reports'].map((name) =>
        a(`${name}.example`),
      ),
      tlsa('dane'),
      tlsa('broken'),
      { type: 'TXT', name: '_mta-sts.partner.example', data: 'v=STSv1; id=1;' },
      ...Object.entries(places).map(([domain, rua]): DnsRecord => ({
        type: 'TXT',
        name: `_smtp._tls.${domain}.example`,
        data: `v=TLSRPTv1; rua=${rua}`,
      })),
    ],
  });
}

const outside = (more: object = {}) => ({
  routes: [
    ...(['dane', 'broken'] as const).map((name) => ({
      domain: `${name}.example`,
      host: `mx.${name}.example`,
      port: sinks[name].port,
    })),
    { domain: 'partner.example', host: 'mx.partner.example', port: sinks.sts.port },
    { domain: 'reports.example', host: 'mx.reports.example', port: sinks.reports.port },
  ],
  dns: { servers: [{ address: dns.address, port: dns.port }], timeoutSeconds: 2 },
  caFile: join(folder, 'outside.pem'),
  mtaSts: { port: policyHost.port },
  privateNetworks: true,
  ...more,
});
const tlsReports = (dkim = true) => ({
  organizationName: 'Demø',
  contact: 'tls@demo.example',
  ...(dkim ? { dkim: { domain: 'demo.example', selector: 's1', keyFile: join(folder, 'dkim.pem') } } : {}),
});

/** Mails of one day: two to the DANE domain, one to that with a broken certificate, and one by MTA-STS. */
async function oneDay() {
  running = await world.start({
    outside: outside(),
    retrySeconds: [600],
    idleConnectionSeconds: 0,
    tlsReports: tlsReports(),
  });
  for (const name of ['eva', 'kim'])
    await world.event(await world.protect([`${name}@dane.example`], 'tls'), 'Delivered');
  await world.event(await world.protect(['bo@broken.example'], 'tls'), 'Deferred');
  await world.event(await world.protect(['pia@partner.example'], 'tls'), 'Delivered');
  await running.close();
  running = null;
}

function reporting({ dkim = true, world: more = {} }: { dkim?: boolean; world?: object } = {}): Reporting {
  const settings = DeliverySettings.parse({ tlsReports: tlsReports(dkim), connectTimeoutSeconds: 1 });
  const parts = { pool: world.pool, logger: createLogger('delivery') };
  return reportingWith(parts, OutsideSettings.parse(outside(more)), settings, settings.tlsReports!);
}

const afterDays = (days: number, hours = 12) =>
  new Date(Date.parse(new Date().toISOString().slice(0, 10)) + days * 24 * HOUR + hours * HOUR);
const results = async () => {
  const { rows } = await world.pool.query<{ domain: string; result: string | null; reason: string | null }>(
    'select domain, result, reason from tls_reports order by day, domain',
  );
  return Object.fromEntries(rows.map(({ domain, result, reason }) => [domain, [result, reason]]));
};
type Report = ReturnType<typeof tlsReport>;
const reportIn = (gzipped: Buffer) => JSON.parse(gunzipSync(gzipped).toString()) as Report;

it('after the day is over each domain is told how TLS to it went, and nobody twice', async () => {
  await oneDay();
  serve({ dane: MAILTO, broken: https(), partner: `${https()},${MAILTO}` });
  await reportRound(reporting(), afterDays(0, 23));
  expect([posted.length, sinks.reports.counted().mails]).toEqual([0, 0]);

  await reportRound(reporting(), afterDays(1));
  expect(await results()).toEqual({
    'broken.example': ['reported', null],
    'dane.example': ['reported', null],
    'partner.example': ['reported', null],
  });
  expect(posted).toMatchObject([
    { url: '/tls?to=a', type: 'application/tlsrpt+gzip' },
    { url: '/tls?to=a', type: 'application/tlsrpt+gzip' },
  ]);
  const day = new Date().toISOString().slice(0, 10);
  const reports = posted.map(({ body }) => reportIn(body));
  const about = (domain: string) =>
    reports.find(({ policies }) => policies[0]?.policy['policy-domain'] === domain);
  expect(about('broken.example')).toMatchObject({
    'organization-name': 'Demø',
    'date-range': { 'start-datetime': `${day}T00:00:00Z`, 'end-datetime': `${day}T23:59:59Z` },
    'contact-info': 'tls@demo.example',
    policies: [
      {
        policy: { 'policy-type': 'tlsa', 'policy-string': [expect.stringMatching(/^3 1 1 [0-9a-f]{64}$/)] },
        summary: { 'total-successful-session-count': 0, 'total-failure-session-count': 1 },
        'failure-details': [
          {
            'result-type': 'validation-failure',
            'receiving-mx-hostname': 'mx.broken.example',
            'receiving-ip': '127.0.0.1',
            'failed-session-count': 1,
          },
        ],
      },
    ],
  });
  expect(about('partner.example')?.policies).toEqual([
    {
      policy: {
        'policy-type': 'sts',
        'policy-string': [
          'version: STSv1',
          'mode: enforce',
          'mx: mx.partner.example',
          'mx: *.backup.example',
          'max_age: 86400',
        ],
        'policy-domain': 'partner.example',
        'mx-host': ['mx.partner.example', '*.backup.example'],
      },
      summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 0 },
    },
  ]);

  const mails = sinks.reports.received();
  expect(mails.map(({ rcptTo, mailFrom, tls }) => [rcptTo, mailFrom, tls])).toEqual(
    [1, 2].map(() => [['tls+reports@reports.example'], 'tls@demo.example', null]),
  );
  const mail = mails.find(({ content }) => content.includes('TLS-Report-Domain: dane.example'))!;
  const text = mail.content.toString('latin1');
  for (const part of [
    'TLS-Report-Submitter: demo.example\r\n',
    'Content-Type: multipart/report; report-type="tlsrpt";',
    'Content-Type: application/tlsrpt+gzip\r\n',
    /filename="demo\.example!dane\.example!\d{10}!\d{10}!/,
  ])
    expect(text).toMatch(part);
  const attached = /filename="[^"]+"\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/.exec(text)![1]!;
  expect(reportIn(Buffer.from(attached, 'base64')).policies[0]?.summary).toEqual({
    'total-successful-session-count': 2,
    'total-failure-session-count': 0,
  });
  const { dkim } = await authenticate(mail.content, {
    ip: '127.0.0.1',
    helo: 'demo.example',
    sender: 'tls@demo.example',
    resolver: (name: string) =>
      name === 's1._domainkey.demo.example'
        ? Promise.resolve([[`v=DKIM1; k=rsa; s=tlsrpt:email; p=${publicKey.toString('base64')}`]])
        : Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
  });
  expect(dkim.results.map(({ status }) => status.result)).toEqual(['pass']);

  await reportRound(reporting(), afterDays(1, 14));
  expect([posted.length, sinks.reports.counted().mails]).toEqual([2, 2]);
});

it('of several replicas one reports', async () => {
  await oneDay();
  await world.pool.query("update tls_sessions set day = day - 2 where domain = 'dane.example'");
  serve({ dane: https() });
  const options = { outside: outside(), tlsReports: tlsReports() };
  const replicas = await Promise.all([world.start(options), world.start(options)]);
  while ((await results())['dane.example']?.[0] !== 'reported') await sleep(20);
  await Promise.all(replicas.map((each) => each.close()));
  expect(posted).toHaveLength(1);
});

it.each([
  ['a key that is not there', { keyFile: '/nowhere/dkim.pem' }, 'keyFile can not be read'],
  ['a contact elsewhere than it signs', { domain: 'else.example' }, 'must be at the domain that signs'],
])('delivery does not start with %s', async (_, dkim, reason) => {
  const settings = tlsReports();
  const start = () => world.start({ tlsReports: { ...settings, dkim: { ...settings.dkim, ...dkim } } });
  await expect((async () => start())()).rejects.toThrow(reason);
});

it('counts and results name no recipient', async () => {
  await oneDay();
  await reportRound(reporting(), afterDays(1));
  const { rows } = await world.pool.query(
    `select (select json_agg(s) from tls_sessions s)::text || (select json_agg(r) from tls_reports r)::text as all`,
  );
  const all = JSON.stringify(rows);
  expect(all).toContain('mx.dane.example');
  expect(all).not.toMatch(/eva|kim|pia|@/);
});

it('a domain that asks for none gets none, and one without a key for mail is told over https alone', async () => {
  await oneDay();
  serve({ dane: MAILTO, broken: `${MAILTO},${https()}` });
  await reportRound(reporting({ dkim: false }), afterDays(1));
  expect(await results()).toEqual({
    'broken.example': ['reported', 'no-dkim-key'],
    'dane.example': ['failed', 'no-dkim-key'],
    'partner.example': ['no-record', null],
  });
  expect([posted.length, sinks.reports.counted().mails]).toEqual([1, 0]);
});

it('a report that is not taken is tried again for a day, and who has it is left out', async () => {
  await oneDay();
  serve({ dane: `${https()},${MAILTO}` });
  answer = 302;
  await reportRound(reporting(), afterDays(1));
  expect((await results())['dane.example']).toEqual([null, 'http-302']);
  // Not before its time.
  await reportRound(reporting(), afterDays(1, 12.1));
  expect(posted).toHaveLength(1);
  answer = 200;
  await reportRound(reporting(), afterDays(1, 13));
  expect((await results())['dane.example']).toEqual(['reported', null]);
  expect([posted.length, sinks.reports.counted().mails]).toEqual([2, 1]);
  const [first, second] = posted.map(({ body }) => reportIn(body)['report-id']);
  expect(second).toBe(first);
});

it('a report that nobody takes is given up after a day', async () => {
  await oneDay();
  serve({ dane: https() });
  answer = 500;
  await reportRound(reporting(), afterDays(1));
  await reportRound(reporting(), afterDays(2, 13));
  expect((await results())['dane.example']).toEqual(['failed', 'http-500']);
});

it('nothing is posted into a private network', async () => {
  await oneDay();
  serve({ dane: https(), broken: https().replace('reports.example', '127.0.0.1') });
  await reportRound(reporting({ world: { privateNetworks: false } }), afterDays(1));
  expect(await results()).toMatchObject({
    'dane.example': ['failed', 'private-address'],
    'broken.example': ['failed', 'private-address'],
  });
  expect(posted).toEqual([]);
});

it('counts and results are forgotten after thirty days', async () => {
  await oneDay();
  await reportRound(reporting(), afterDays(1));
  await reportRound(reporting(), afterDays(32));
  const { rows } = await world.pool.query('select from tls_sessions union all select from tls_reports');
  expect(rows).toEqual([]);
});
