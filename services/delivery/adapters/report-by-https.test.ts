// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificateAuthority, startDnsServer, type RunningDnsServer } from '@securemail/testing';
import { validatingResolver } from '@securemail/tls-policy';
import { postReport } from './report-by-https.ts';

const authority = await createCertificateAuthority({ name: 'Web' });
const stranger = await createCertificateAuthority({ name: 'Stranger' });
const names = ['reports.example', 'dual.example'];
const good = await authority.issueServer({ names });

let dns: RunningDnsServer;
let server: Server | undefined;
let requests: string[];
beforeAll(async () => {
  dns = await startDnsServer({
    records: [
      { type: 'A', name: 'reports.example', data: '127.0.0.1' },
      // Of these two the first has nobody who listens.
      { type: 'AAAA', name: 'dual.example', data: '::1' },
      { type: 'A', name: 'dual.example', data: '127.0.0.1' },
      { type: 'TXT', name: 'empty.example', data: 'x' },
    ],
    faults: { 'failing.example': 'failing' },
  });
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});
afterAll(() => dns.stop());

async function posted(
  certificate: Pick<typeof good, 'certificatePem' | 'keyPem'>,
  { status = 200, stalls = false, privateNetworks = true, host = 'reports.example', closing = false } = {},
) {
  requests = [];
  server = createServer(
    { cert: certificate.certificatePem, key: certificate.keyPem },
    (request, response) => {
      requests.push(`${request.method ?? ''} ${request.headers.host ?? ''} ${request.url ?? ''}`);
      request.resume();
      if (!stalls) response.writeHead(status, { location: 'https://reports.example/else' }).end();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return postReport(`https://${host}:${port}/tls?a=1`, Buffer.from('report'), {
    resolver: validatingResolver({ servers: [dns], timeoutMs: 500 }),
    ca: authority.certificatePem,
    privateNetworks,
    signal: closing ? AbortSignal.timeout(200) : new AbortController().signal,
  });
}

it('a report is posted to a host that proves its name', async () => {
  expect(await posted(good)).toEqual({ kind: 'delivered' });
  expect(requests).toEqual([expect.stringMatching(/^POST reports\.example:\d+ \/tls\?a=1$/)]);
});

it('a report is posted to another address of the host where the first does not answer', async () => {
  expect(await posted(good, { host: 'dual.example' })).toEqual({ kind: 'delivered' });
  expect(requests).toHaveLength(1);
});

it.each<[string, () => ReturnType<typeof posted>, string]>([
  [
    'with another name',
    async () => posted(await authority.issueServer({ names: ['else.example'] })),
    'https-failed',
  ],
  ['of a stranger', async () => posted(await stranger.issueServer({ names })), 'https-failed'],
  ['that leads elsewhere', () => posted(good, { status: 307 }), 'http-307'],
  ['that fails', () => posted(good, { status: 503 }), 'http-503'],
  ['that is silent when delivery stops', () => posted(good, { stalls: true, closing: true }), 'https-failed'],
  ['that DNS can not tell', () => posted(good, { host: 'failing.example' }), 'dns-failed'],
  ['without an address', () => posted(good, { host: 'empty.example' }), 'host-not-found'],
])('a host %s is tried again', async (_, post, reason) => {
  expect(await post()).toEqual({ kind: 'deferred', reason });
  expect(requests.length).toBeLessThan(2);
});

it.each([
  'reports.example',
  'dual.example',
  '127.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '2130706433',
  '0x7f.1',
])('nothing is posted to %s, which is in here', async (host) => {
  expect(await posted(good, { privateNetworks: false, host })).toEqual({
    kind: 'refused',
    reason: 'private-address',
  });
  expect(requests).toEqual([]);
});
