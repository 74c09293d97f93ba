// SPDX-License-Identifier: Apache-2.0
import {
  createCertificateAuthority,
  expired,
  startSmtpSink,
  type Action,
  type SmtpSinkOptions,
} from '@securemail/testing';
import { Address, recipientId } from '@securemail/contracts';
import type { AppliedPolicy } from '@securemail/tls-policy';
import { idleSessions } from './idle-sessions.ts';
import { handOver } from './smtp-client.ts';
import type { HopTls } from './smtp-connection.ts';
import type { CountedSession } from './tls-sessions.ts';

const HOST = 'mx.partner.example';
const authority = await createCertificateAuthority({ name: 'Outside' });
const stranger = await createCertificateAuthority({ name: 'Stranger' });
const names = [HOST];
const good = await authority.issueServer({ names });
const old = await authority.issueServer({ names, validity: expired() });
const ca = authority.certificatePem;
const verified: HopTls = { kind: 'verified', names, ca, policy: 'mta-sts' };

/** What is counted of a mail to such a server. */
async function counted(
  type: AppliedPolicy['type'],
  hopTls: HopTls,
  tls: NonNullable<SmtpSinkOptions['tls']> | null,
  greeting?: Action,
) {
  const sink = await startSmtpSink({ tls });
  if (greeting !== undefined) sink.misbehave({ phase: 'greeting', action: greeting });
  const sessions: CountedSession[] = [];
  const policy = { type, strings: [], mxPatterns: [] };
  const hop = {
    host: HOST,
    address: '127.0.0.1',
    port: sink.port,
    tls: hopTls,
    counted: { domain: 'partner.example', policy },
  };
  const content = Buffer.from('Subject: x\r\n\r\nx\r\n');
  const handover = {
    mailFrom: Address.parse('anna@demo.example'),
    recipients: [{ recipientId: recipientId(1), address: Address.parse('pia@partner.example') }],
    size: content.length,
    mustVerify: true,
    use8BitMime: false,
    is8Bit: () => Promise.resolve(false),
    open: async function* () {
      yield await Promise.resolve(content);
    },
  };
  const ms = greeting === undefined ? 20_000 : 1_000;
  const times = {
    hostname: 'demo.example',
    stopped: new AbortController().signal,
    connectTimeoutMs: ms,
    openTimeoutMs: ms,
    replyTimeoutMs: ms,
    finalDotTimeoutMs: ms,
  };
  const idle = idleSessions(60_000);
  const around = {
    times,
    idle,
    greeted: () => undefined,
    sessions: { count: (each: CountedSession) => void sessions.push(each), close: () => Promise.resolve() },
  };
  // The second one goes over the same connection where there is one.
  await handOver(hop, handover, around);
  if (sessions[0]?.result === 'success') await handOver(hop, handover, around);
  idle.close();
  await sink.stop();
  return sessions;
}

it.each<[string, AppliedPolicy['type'], HopTls, Parameters<typeof counted>[2], string]>([
  ['that is verified, once for two mails', 'sts', verified, good, 'success'],
  [
    'with another name',
    'sts',
    verified,
    await authority.issueServer({ names: ['mx.else.example'] }),
    'certificate-host-mismatch',
  ],
  ['with an old certificate', 'sts', verified, old, 'certificate-expired'],
  ['with a stranger', 'sts', verified, await stranger.issueServer({ names }), 'certificate-not-trusted'],
  ['with old TLS', 'sts', verified, { ...good, maxVersion: 'TLSv1.1' }, 'validation-failure'],
  ['without TLS', 'sts', verified, null, 'starttls-not-supported'],
  [
    'that a TLSA record does not describe',
    'tlsa',
    {
      kind: 'dane',
      name: HOST,
      names,
      tlsa: [{ usage: 3, selector: 1, matchingType: 1, data: Buffer.alloc(32) }],
    },
    good,
    'validation-failure',
  ],
  ['under a policy that is tried out', 'sts', { kind: 'opportunistic', ca }, good, 'success'],
  [
    'with an old certificate, under one that is tried out',
    'sts',
    { kind: 'opportunistic', ca },
    old,
    'certificate-expired',
  ],
  ['with whoever is there, without a policy', 'no-policy-found', { kind: 'opportunistic' }, old, 'success'],
  [
    'in clear, without a policy',
    'no-policy-found',
    { kind: 'opportunistic' },
    null,
    'starttls-not-supported',
  ],
])('a session %s', async (_, type, hopTls, tls, result) => {
  expect(await counted(type, hopTls, tls)).toMatchObject([
    { domain: 'partner.example', mxHost: HOST, receivingIp: '127.0.0.1', result },
  ]);
});

it('one that never came to TLS is not counted', async () => {
  expect(await counted('sts', verified, good, 'hang')).toEqual([]);
});
