// SPDX-License-Identifier: Apache-2.0
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createCertificateAuthority,
  missing,
  postfixIsThere,
  startPolicyHost,
  startPostfix,
  startUnbound,
  unboundIsThere,
  type Issued,
  type PolicyHost,
  type RunningPostfix,
  type RunningUnbound,
} from '@securemail/testing';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

const DANE = 'dane.example';
const STS = 'partner.example';

describe('verified TLS to a Postfix that Unbound knows of', () => {
  if (!postfixIsThere() || !unboundIsThere()) {
    missing('Postfix, run by root, and Unbound', 'apt install postfix unbound ldnsutils');
    return;
  }
  let folder: string;
  let world: DeliveryWorld;
  let postfix: RunningPostfix;
  let policyHost: PolicyHost;
  let shown: Issued;
  let other: Issued;
  let running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'real-servers-'));
    const authority = await createCertificateAuthority({ name: 'Outside' });
    await writeFile(join(folder, 'outside.pem'), authority.certificatePem);
    const [mail, stranger, web] = await Promise.all([
      authority.issueServer({ names: [`mx.${DANE}`, `mx.${STS}`] }),
      authority.issueServer({ names: [`mx.${DANE}`] }),
      authority.issueServer({ names: [`mta-sts.${STS}`] }),
    ]);
    [shown, other] = [mail, stranger];
    postfix = await startPostfix({ name: `mx.${DANE}`, domains: [DANE, STS], tls: shown });
    const body = `version: STSv1\r\nmode: enforce\r\nmx: mx.${STS}\r\nmax_age: 604800\r\n`;
    policyHost = await startPolicyHost({ certificate: web, body });
    world = await openDeliveryWorld();
  });
  afterEach(async () => {
    for (const each of running) await each.stop();
    running = [];
  });
  afterAll(async () => {
    await Promise.all([postfix.stop(), policyHost.stop(), world.close()]);
    await rm(folder, { recursive: true });
  });

  const digestOf = ({ certificatePem }: Issued) =>
    createHash('sha256')
      .update(new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex');
  const start = async (described: Issued, how: 'signed' | 'tampered' | 'unsigned' = 'signed') => {
    const zone = ['mx A 127.0.0.1', `_${postfix.port}._tcp.mx TLSA 3 1 1 ${digestOf(described)}`];
    const partner = ['mx A 127.0.0.1', 'mta-sts A 127.0.0.1', '_mta-sts TXT "v=STSv1; id=1;"'];
    const zones = { signed: {}, tampered: {}, unsigned: {} };
    const unbound: RunningUnbound = await startUnbound({
      ...zones,
      [how]: { [DANE]: zone },
      unsigned: how === 'unsigned' ? { [DANE]: zone, [STS]: partner } : { [STS]: partner },
    });
    const service = await world.start({
      outside: {
        routes: [DANE, STS].map((domain) => ({ domain, host: `mx.${domain}`, port: postfix.port })),
        dns: { servers: [{ address: unbound.address, port: unbound.port }], timeoutSeconds: 2 },
        caFile: join(folder, 'outside.pem'),
        mtaSts: { port: policyHost.port },
      },
    });
    running = [{ stop: () => service.close() }, unbound];
  };
  const deliver = async (address: string) => {
    const { data } = await world.event(await world.protect([address], 'tls'), 'Delivered');
    return data.tls;
  };
  const putOff = async (address: string) => {
    const before = (await postfix.mails()).length;
    const { data } = await world.event(await world.protect([address], 'tls'), 'Deferred');
    expect(await postfix.mails()).toHaveLength(before);
    return data.failure;
  };

  it('by DANE goes to the key that its signed zone describes', async () => {
    await start(shown);
    expect(await deliver(`eva@${DANE}`)).toMatchObject({ verified: true, policy: 'dane' });
    // It says 250 before the mail lies in the mailbox.
    while (!(await postfix.mails()).some((mail) => mail.includes(`Delivered-To: eva@${DANE}`)))
      await sleep(50);
  });

  it('by DANE goes to no other key', async () => {
    await start(other);
    expect(await putOff(`eva@${DANE}`)).toBe('tls-not-verified');
  });

  it.each([
    ['tampered', 'tls-lookup-failed'],
    ['unsigned', 'tls-not-enforceable'],
  ] as const)('by DANE goes nowhere where the zone is %s', async (how, failure) => {
    await start(shown, how);
    expect(await putOff(`eva@${DANE}`)).toBe(failure);
  });

  it('by MTA-STS goes to the server that the policy names', async () => {
    await start(shown);
    expect(await deliver(`pia@${STS}`)).toMatchObject({ verified: true, policy: 'mta-sts' });
  });
});
