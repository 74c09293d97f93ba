// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Address, recipientId } from '@securemail/contracts';
import {
  createCertificateAuthority,
  missing,
  postfixIsThere,
  startPostfix,
  type CertificateAuthority,
  type RunningPostfix,
} from '@securemail/testing';
import { attempt } from './adapters/attempt.ts';
import { failingHops } from './adapters/failing-hops.ts';
import { idleSessions } from './adapters/idle-sessions.ts';
import { ownMailServers } from './adapters/routes.ts';
import { namesOf } from './testing/in-world.ts';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

describe('own mailboxes that are spread over several Postfix servers', () => {
  if (!postfixIsThere()) {
    missing('Postfix, run by root,', 'apt install postfix');
    return;
  }
  let world: DeliveryWorld;
  let authority: CertificateAuthority;
  let folder: string;
  let servers: Record<'town' | 'ward' | 'cloud' | 'broken', RunningPostfix>;
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-servers-'));
    authority = await createCertificateAuthority({ name: 'Own' });
    const clients = await createCertificateAuthority({ name: 'Connectors' });
    const us = await clients.issueClient({ name: 'gateway.demo.example' });
    await writeFile(path('own.pem'), authority.certificatePem);
    await writeFile(path('us.pem'), us.certificatePem);
    await writeFile(path('us.key'), us.keyPem, { mode: 0o600 });
    await writeFile(path('ward.txt'), '# ward\n\nUlla@demo.example\r\nib@demo.example\n');
    const start = async (name: string, more: object = {}) =>
      startPostfix({
        name: `${name}.demo.example`,
        domains: ['demo.example', 'cloud.example'],
        tls: await authority.issueServer({ names: [`${name}.demo.example`] }),
        ...more,
      });
    servers = {
      town: await start('town'),
      ward: await start('ward'),
      cloud: await start('cloud', { clientAuthority: clients.certificatePem }),
      broken: await start('broken', { tls: null }),
    };
    world = await openDeliveryWorld();
  });
  afterAll(async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    await world.close();
    await rm(folder, { recursive: true });
  });

  const at = (name: keyof typeof servers) => ({
    host: '127.0.0.1',
    port: servers[name].port,
    tlsName: `${name}.demo.example`,
    caFile: path('own.pem'),
  });
  const tenant = (...routes: object[]) => ({
    domains: ['demo.example', 'cloud.example'],
    mailServers: [at('town')],
    mailRoutes: routes,
  });
  const ward = () => ({ name: 'ward', mailboxesFile: path('ward.txt'), servers: [at('ward')] });
  const cloud = (more: object = {}) => ({
    name: 'cloud',
    domains: ['cloud.example'],
    servers: [at('cloud')],
    headers: { 'X-Connector': 'Secure@Mail, demo' },
    clientCertificate: { certFile: path('us.pem'), keyFile: path('us.key') },
    ...more,
  });
  const mailsAt = async (name: keyof typeof servers, count: number): Promise<string[]> => {
    for (;;) {
      const mails = await servers[name].mails();
      if (mails.length >= count) return mails;
      await sleep(50);
    }
  };

  it('each gets the mail of its mailboxes over verified TLS, and one mail is split among them', async () => {
    const running = await world.start({ tenant: tenant(ward(), cloud()) });
    const emailId = await world.protect(
      ['ulla@demo.example', 'anna@demo.example', 'bo@cloud.example', 'ib@demo.example'],
      'internal',
    );
    for (;;) {
      const names = await namesOf(world, emailId);
      if (names.filter((name) => name === 'Delivered').length === 3) break;
      expect(names).not.toContain('Bounced');
      await sleep(50);
    }
    for (const event of await world.events(emailId))
      if (event.name === 'Delivered') expect(event.data.tls).toMatchObject({ verified: true });
    const [[forTown], forWard, [forCloud]] = await Promise.all([
      mailsAt('town', 1),
      mailsAt('ward', 2),
      mailsAt('cloud', 1),
    ]);
    expect(forTown).toContain('Delivered-To: anna@demo.example');
    expect(forTown).not.toContain('X-Connector');
    expect(forWard.map((mail) => /Delivered-To: (\S+)/.exec(mail)?.[1]).toSorted()).toEqual([
      'ib@demo.example',
      'ulla@demo.example',
    ]);
    expect(forCloud).toMatch(/\nX-Connector: Secure@Mail, demo\r?\nMessage-ID: <1@demo\.example>/);
    await running.close();
  });

  it('one that offers no TLS gets nothing, and the others theirs', async () => {
    const running = await world.start({ tenant: tenant({ ...ward(), servers: [at('broken')] }) });
    const [held, sent] = await Promise.all([
      world.protect(['ulla@demo.example'], 'internal'),
      world.protect(['anna@demo.example'], 'internal'),
    ]);
    const { data } = await world.event(held, 'Deferred');
    expect(data).toMatchObject({ phase: 'tls', failure: 'tls-not-offered' });
    await world.event(sent, 'Delivered');
    expect(await servers.broken.mails()).toEqual([]);
    await running.close();
  });

  it('one that does not prove itself is told of with the reason, and one that does', async () => {
    const said: string[] = [];
    const proof = {
      failed: (server: string, reason: string) => said.push(`${server} ${reason}`),
      proved: (server: string) => said.push(`${server} proved`),
    };
    const handover = {
      mailFrom: Address.parse('bo@demo.example'),
      recipients: [{ recipientId: recipientId(1), address: Address.parse('anna@demo.example') }],
      size: 20,
      mustVerify: true,
      use8BitMime: false,
      is8Bit: () => Promise.resolve(false),
      open: () => Readable.from([Buffer.from('Subject: proof\r\n\r\n')]),
    };
    const wait = 10_000;
    const times = {
      hostname: 'gateway.demo.example',
      connectTimeoutMs: wait,
      openTimeoutMs: wait,
      replyTimeoutMs: wait,
      finalDotTimeoutMs: wait,
      stopped: new AbortController().signal,
    };
    const servers = [at('broken'), { ...at('ward'), tlsName: 'other.demo.example' }, at('town')];
    const { results } = await attempt(await ownMailServers({ servers }), handover, {
      times,
      idle: idleSessions(0),
      failing: failingHops(),
      greeted: () => undefined,
      proof,
    });
    expect(results[0]?.result.kind).toBe('delivered');
    const named = servers.map(({ host, port }) => `${host}:${port}`);
    expect(said).toEqual([
      `${named[0]} tls-not-offered`,
      `${named[1]} tls-not-verified`,
      `${named[2]} proved`,
    ]);
  });

  it('one that knows us by our certificate takes nothing without it', async () => {
    const running = await world.start({ tenant: tenant(cloud({ clientCertificate: undefined })) });
    await world.event(await world.protect(['bo@cloud.example'], 'internal'), 'Deferred');
    await running.close();
  });

  /** As one that was made aside an hour ago. */
  const replaceList = async (text: string) => {
    await writeFile(path('ward.new'), text);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(path('ward.new'), anHourAgo, anHourAgo);
    await rename(path('ward.new'), path('ward.txt'));
  };

  it('a list that was replaced counts from then on, and a broken one not', async () => {
    const running = await world.start({ tenant: tenant(ward()) });
    const before = { town: await servers.town.mails(), ward: await servers.ward.mails() };
    await replaceList('anna@demo.example\nib@demo.example\n');
    await world.event(await world.protect(['anna@demo.example'], 'internal'), 'Delivered');
    await mailsAt('ward', before.ward.length + 1);
    await replaceList('no address\nib@demo.example\n');
    await world.event(await world.protect(['anna@demo.example'], 'internal'), 'Delivered');
    await mailsAt('ward', before.ward.length + 2);
    expect(await servers.town.mails()).toHaveLength(before.town.length);
    await running.close();
  });

  it('mail that waits for a route which is gone from the settings goes nowhere else', async () => {
    await writeFile(path('ward.txt'), 'ulla@demo.example\n');
    const first = await world.start({ tenant: tenant({ ...ward(), servers: [at('broken')] }) });
    const emailId = await world.protect(['ulla@demo.example'], 'internal');
    await world.event(emailId, 'Deferred');
    await first.close();
    const second = await world.start({ tenant: tenant() });
    for (;;) {
      const deferred = (await world.events(emailId)).filter((event) => event.name === 'Deferred');
      if (deferred.some(({ data }) => data.failure === 'route-unknown')) break;
      await sleep(50);
    }
    expect(await namesOf(world, emailId)).not.toContain('Delivered');
    await second.close();
  });

  it.each([
    ['a list that is not there', () => ({ ...ward(), mailboxesFile: path('none.txt') }), /can not be read/],
    [
      'a certificate that is not there, by which servers would know us',
      () => cloud({ clientCertificate: { certFile: path('none.pem'), keyFile: path('us.key') } }),
      /mail route cloud of tenant demo can not be used: .*none\.pem holds no certificate that can be read/,
    ],
    [
      'one that is none',
      () => cloud({ clientCertificate: { certFile: path('us.key'), keyFile: path('us.key') } }),
      /us\.key holds no certificate/,
    ],
    [
      'one with the key of another',
      async () => {
        const other = await authority.issueServer({ names: ['other.demo.example'] });
        await writeFile(path('other.key'), other.keyPem, { mode: 0o600 });
        return cloud({ clientCertificate: { certFile: path('us.pem'), keyFile: path('other.key') } });
      },
      /other\.key is not the key of .*us\.pem/,
    ],
    [
      'a list with a line that is no address',
      async () => {
        await writeFile(path('bad.txt'), 'ulla@demo.example\nulla\n');
        return { ...ward(), mailboxesFile: path('bad.txt') };
      },
      /line 2 of .*bad\.txt is no address/,
    ],
  ])('%s is refused at start', async (_, route, message) => {
    await expect(world.start({ tenant: tenant(await route()) })).rejects.toThrow(message);
  });
});
