// SPDX-License-Identifier: Apache-2.0
import {
  createCertificateAuthority,
  expired,
  startDnsServer,
  startPolicyHost,
  STS_POLICY,
  type PolicyHostOptions as Host,
} from '@securemail/testing';
import { systemResolver } from '../dns/system-resolver.ts';
import { fetchPolicy, NoPolicyError } from './fetch-policy.ts';
import { stsFaultOf } from './sts-fault.ts';

const authority = await createCertificateAuthority({ name: 'Web' });
const stranger = await createCertificateAuthority({ name: 'Stranger' });
const dns = await startDnsServer({
  records: [{ type: 'A', name: 'mta-sts.partner.example', data: '127.0.0.1' }],
});
afterAll(() => dns.stop());
const resolver = systemResolver({ servers: [`127.0.0.1:${dns.port}`], timeoutMs: 500, tries: 1 });

const WEB = ['mta-sts.partner.example'];

async function fetched(host: Partial<Host>, domain = 'partner.example') {
  const running = await startPolicyHost({
    certificate: await authority.issueServer({ names: ['mta-sts.partner.example'] }),
    ...host,
  });
  const { port } = running;
  try {
    return await fetchPolicy(domain, { resolver, port, ca: authority.certificatePem, timeoutMs: 2_000 });
  } finally {
    await running.stop();
  }
}

it('a policy is fetched over HTTPS', async () => {
  expect(await fetched({})).toEqual({
    mode: 'enforce',
    mx: ['mx.partner.example', '*.backup.example'],
    maxAgeSeconds: 86_400,
  });
});

it('a wildcard certificate will do', async () => {
  const certificate = await authority.issueServer({ names: ['*.partner.example'] });
  expect(await fetched({ certificate })).toMatchObject({ mode: 'enforce' });
});

it.each<[string, () => Promise<Partial<Host>> | Partial<Host>]>([
  [
    'with a certificate for another name',
    async () => ({ certificate: await authority.issueServer({ names: ['partner.example'] }) }),
  ],
  [
    'with a certificate of a stranger',
    async () => ({ certificate: await stranger.issueServer({ names: ['mta-sts.partner.example'] }) }),
  ],
  [
    'with a certificate that has expired',
    async () => ({
      certificate: await authority.issueServer({
        names: ['mta-sts.partner.example'],
        validity: expired(),
      }),
    }),
  ],
  ['that leads elsewhere', () => ({ status: 301, headers: { location: 'https://else.example/' } })],
  ['that is not there', () => ({ status: 404 })],
  ['that is a page', () => ({ headers: { 'content-type': 'text/html' } })],
  ['without a version', () => ({ body: STS_POLICY.replace('version: STSv1\r\n', '') })],
  ['without servers', () => ({ body: STS_POLICY.replaceAll(/mx: .*\r\n/g, '') })],
  ['in a mode that nobody knows', () => ({ body: STS_POLICY.replace('enforce', 'perhaps') })],
  ['of more than 64 KiB', () => ({ body: `${STS_POLICY}x: ${'y'.repeat(65_536)}\r\n` })],
  ['that never ends', () => ({ stalls: true })],
])('there is none %s', async (_, host) => {
  await expect(fetched(await host())).rejects.toThrow();
});

it('there is none where the policy host has no address', async () => {
  await expect(fetched({}, 'nobody.example')).rejects.toThrow('no address');
});

it('a host that would rather speak another protocol is no policy host, and is not waited for', async () => {
  const headers = { connection: 'upgrade', upgrade: 'h2c' };
  await expect(fetched({ status: 101, headers })).rejects.toThrow('the policy host ended the connection');
});

it.each<[string, () => Promise<Partial<Host>> | Partial<Host>, string]>([
  [
    'of a stranger',
    async () => ({ certificate: await stranger.issueServer({ names: WEB }) }),
    'sts-webpki-invalid',
  ],
  [
    'with an old certificate',
    async () => ({ certificate: await authority.issueServer({ names: WEB, validity: expired() }) }),
    'sts-webpki-invalid',
  ],
  [
    'with another name',
    async () => ({ certificate: await authority.issueServer({ names: ['partner.example'] }) }),
    'sts-webpki-invalid',
  ],
  [
    'whose policy has no mode',
    () => ({ body: STS_POLICY.replace('mode: enforce\r\n', '') }),
    'sts-policy-invalid',
  ],
  [
    'whose policy has another version',
    () => ({ body: STS_POLICY.replace('STSv1', 'STSv2') }),
    'sts-policy-invalid',
  ],
  ['that has none', () => ({ status: 404 }), 'sts-policy-fetch-error'],
  ['that leads elsewhere', () => ({ status: 302 }), 'sts-policy-fetch-error'],
])('the fault of a host %s is named as reports want it', async (_, host, fault) => {
  const error: unknown = await fetched(await host()).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).not.toBeNull();
  expect(stsFaultOf(error)).toBe(fault);
});

const FOR_GOOD: [string, Partial<Host>][] = [
  ['leads elsewhere', { status: 301 }],
  ['has none', { status: 404 }],
  ['has a page', { headers: { 'content-type': 'text/html' } }],
  ['says no age', { body: STS_POLICY.replace(/max_age: .*\r\n/, '') }],
  ['writes the mode otherwise', { body: STS_POLICY.replace('enforce', 'Enforce') }],
  ['says too much', { body: `${STS_POLICY}x: ${'y'.repeat(65_536)}\r\n` }],
];
it.each(FOR_GOOD)('a host that %s has none, whenever it is asked', async (_, host) => {
  await expect(fetched(host)).rejects.toThrow(NoPolicyError);
});

it.each<[string, () => Promise<Partial<Host>> | Partial<Host>]>([
  ['is busy', () => ({ status: 503 })],
  ['asks to come later', () => ({ status: 429 })],
  ['is silent', () => ({ stalls: true })],
  [
    'is a stranger, who may say what he likes',
    async () => ({ status: 404, certificate: await stranger.issueServer({ names: WEB }) }),
  ],
])('of a host that %s nobody knows', async (_, host) => {
  await expect(fetched(await host())).rejects.not.toThrow(NoPolicyError);
});
