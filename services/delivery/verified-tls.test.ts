// SPDX-License-Identifier: Apache-2.0
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCertificateAuthority,
  startDnsServer,
  startPolicyHost,
  startSmtpSink,
  STS_POLICY,
  type CertificateAuthority,
  type Issued,
  type PolicyHost,
  type RunningDnsServer,
  type SmtpSink,
  type SmtpSinkOptions,
} from '@securemail/testing';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

/** An outside world of two domains that prove who their servers are, one by DANE and one by MTA-STS. */
let world: DeliveryWorld;
let authority: CertificateAuthority;
let dns: RunningDnsServer;
let policyHost: PolicyHost;
let folder: string;
let certificates: Record<'dane' | 'sts' | 'else', Issued>;
let running: { close(): Promise<void> }[] = [];
let sinks: SmtpSink[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verified-tls-'));
  authority = await createCertificateAuthority({ name: 'Outside' });
  await writeFile(join(folder, 'outside.pem'), authority.certificatePem);
  const [dane, sts, other, web] = await Promise.all(
    ['mx.dane.example', 'mx.partner.example', 'mx.else.example', 'mta-sts.partner.example'].map((name) =>
      authority.issueServer({ names: [name] }),
    ),
  );
  certificates = { dane: dane!, sts: sts!, else: other! };
  policyHost = await startPolicyHost({ certificate: web! });
  dns = await startDnsServer();
  world = await openDeliveryWorld();
});
afterEach(async () => {
  await Promise.all(
    [...running, ...sinks.map((sink) => ({ close: () => sink.stop() }))].map((each) => each.close()),
  );
  [running, sinks] = [[], []];
});
afterAll(async () => {
  await Promise.all([dns.stop(), policyHost.stop(), world.close()]);
  await rm(folder, { recursive: true });
});

const digestOf = ({ certificatePem }: { certificatePem: string }) =>
  createHash('sha256')
    .update(new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest();

/** What the server at the end shows, and what DNS says of it. */
async function start({
  domain,
  tls,
  tlsa = digestOf(certificates.dane),
  usage = 3,
  partners = [],
  // Before it starts: what was found out is remembered, and mail of the test before may ask first.
  secure = ['dane.example'],
  routed = domain,
}: {
  domain: 'dane.example' | 'partner.example';
  tls: NonNullable<SmtpSinkOptions['tls']> | null;
  tlsa?: Buffer;
  usage?: number;
  partners?: object[];
  secure?: string[];
  /** Whose mail goes there. */
  routed?: string;
}): Promise<SmtpSink> {
  const sink = await startSmtpSink({ tls });
  sinks.push(sink);
  const mx = `mx.${domain}`;
  const certificate = { usage, selector: 1, matchingType: 1, certificate: tlsa };
  dns.serve({
    records: [
      { type: 'A', name: mx, data: '127.0.0.1' },
      { type: 'TLSA', name: `_${sink.port}._tcp.mx.dane.example`, data: certificate },
      { type: 'TXT', name: '_mta-sts.partner.example', data: 'v=STSv1; id=1;' },
      { type: 'A', name: 'mta-sts.partner.example', data: '127.0.0.1' },
    ],
    secure,
  });
  running.push(
    await world.start({
      tenant: { partners },
      outside: {
        routes: [{ domain: routed, host: mx, port: sink.port }],
        dns: { servers: [{ address: dns.address, port: dns.port }], timeoutSeconds: 2 },
        caFile: join(folder, 'outside.pem'),
        mtaSts: { port: policyHost.port },
      },
    }),
  );
  return sink;
}

const delivered = async (address: string) => {
  const { data } = await world.event(await world.protect([address], 'tls'), 'Delivered');
  return data.tls;
};
/** Why it was put off; and that nothing of it was said to anybody. */
const putOff = async (address: string, sink: SmtpSink) => {
  const { data } = await world.event(await world.protect([address], 'tls'), 'Deferred');
  expect(sink.counted().mails).toBe(0);
  return data.failure;
};
const EVA = 'eva@dane.example';
const PIA = 'pia@partner.example';

describe('by DANE', () => {
  it('mail goes to the server whose key the record describes', async () => {
    const sink = await start({ domain: 'dane.example', tls: certificates.dane });
    expect(await delivered(EVA)).toMatchObject({ verified: true, policy: 'dane' });
    const [mail] = sink.received();
    expect(mail!.content.toString()).toContain('8-bit: æ');
  });

  it('mail goes to a server under the authority that the record describes', async () => {
    const { certificatePem, keyPem } = certificates.dane;
    const chain = { certificatePem: `${certificatePem}${authority.certificatePem}`, keyPem };
    await start({ domain: 'dane.example', tls: chain, usage: 2, tlsa: digestOf(authority) });
    expect(await delivered(EVA)).toMatchObject({ verified: true, policy: 'dane' });
  });

  it('nothing is said of a mail to a server with another key', async () => {
    const sink = await start({ domain: 'dane.example', tls: certificates.else });
    expect(await putOff(EVA, sink)).toBe('tls-not-verified');
  });

  it('nothing is said of a mail to a server under that authority with another name', async () => {
    const { certificatePem, keyPem } = certificates.else;
    const chain = { certificatePem: `${certificatePem}${authority.certificatePem}`, keyPem };
    const sink = await start({ domain: 'dane.example', tls: chain, usage: 2, tlsa: digestOf(authority) });
    expect(await putOff(EVA, sink)).toBe('tls-not-verified');
  });

  it('nothing is said of a mail to a relay for every domain, which would send it on as it likes', async () => {
    const sink = await start({ domain: 'dane.example', tls: certificates.dane, routed: '*' });
    expect(await putOff('kim@no-policy.example', sink)).toBe('tls-not-enforceable');
    expect(await putOff(EVA, sink)).toBe('tls-not-enforceable');
  });

  it('nothing is said of a mail in clear', async () => {
    const sink = await start({ domain: 'dane.example', tls: null });
    expect(await putOff(EVA, sink)).toBe('tls-not-offered');
  });
});

describe('by MTA-STS', () => {
  it('mail goes to a server that the policy names, and that carries its name', async () => {
    await start({ domain: 'partner.example', tls: certificates.sts });
    expect(await delivered(PIA)).toMatchObject({ verified: true, policy: 'mta-sts' });
  });

  it('nothing is said of a mail to a server with another name, or of a stranger', async () => {
    const sink = await start({ domain: 'partner.example', tls: certificates.else });
    expect(await putOff(PIA, sink)).toBe('tls-not-verified');
    const stranger = await createCertificateAuthority({ name: 'Stranger' });
    await running.pop()!.close();
    const other = await start({
      domain: 'partner.example',
      tls: await stranger.issueServer({ names: ['mx.partner.example'] }),
    });
    expect(await putOff(PIA, other)).toBe('tls-not-verified');
  });

  it('a mail stays where the policy has gone since it was planned, or names others', async () => {
    policyHost.serve(STS_POLICY.replace('enforce', 'testing'));
    const sink = await start({ domain: 'partner.example', tls: certificates.sts });
    expect(await putOff(PIA, sink)).toBe('tls-not-enforceable');
    policyHost.serve(STS_POLICY);
  });
});

describe('by what was agreed with a partner', () => {
  const partner = (tlsNames: string[]) => ({
    domain: 'partner.example',
    tlsNames,
    caFile: join(folder, 'outside.pem'),
  });

  it('mail goes to a server that carries one of the names', async () => {
    const partners = [partner(['gateway.partner.example', 'mx.else.example'])];
    await start({ domain: 'partner.example', tls: certificates.else, partners });
    expect(await delivered(PIA)).toMatchObject({ verified: true, policy: 'pinned' });
  });

  it('nothing is said of a mail to a server with the name that DNS gives', async () => {
    const partners = [partner(['gateway.partner.example'])];
    const sink = await start({ domain: 'partner.example', tls: certificates.sts, partners });
    expect(await putOff(PIA, sink)).toBe('tls-not-verified');
  });
});

it('TLS older than 1.2 is no TLS', async () => {
  const old = { ...certificates.dane, maxVersion: 'TLSv1.1' as const };
  const sink = await start({ domain: 'dane.example', tls: old });
  expect(await putOff(EVA, sink)).toBe('tls-failed');
});

it('mail to a domain that proves nothing stays, although its server would take it', async () => {
  const sink = await start({ domain: 'dane.example', tls: certificates.dane, secure: [] });
  expect(await putOff(EVA, sink)).toBe('tls-not-enforceable');
});
