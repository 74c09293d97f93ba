// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDnsServer } from '@securemail/testing';
import { openOutside, OutsideSettings } from '@securemail/service';
import { authenticate } from 'mailauth';
import { readDkimKey, recordFault, type DkimKey } from './adapters/dkim-keys.ts';
import { inWorld } from './testing/in-world.ts';
import { openDeliveryWorld, type DeliveryWorld } from './testing/running-delivery.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ed25519 = generateKeyPairSync('ed25519');
const pemOf = ({ privateKey }: { privateKey: typeof rsa.privateKey }) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' });
const RSA_RECORD = `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const ED25519_RECORD = `v=DKIM1; k=ed25519; p=${Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;
const RECORDS: Record<string, string> = {
  'one._domainkey.demo.example': RSA_RECORD,
  'two._domainkey.demo.example': ED25519_RECORD,
};

let folder: string;
let keys: object[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dkim-'));
  await writeFile(join(folder, 'rsa.pem'), pemOf(rsa), { mode: 0o600 });
  await writeFile(join(folder, 'ed25519.pem'), pemOf(ed25519), { mode: 0o600 });
  await writeFile(join(folder, 'none.pem'), 'nothing', { mode: 0o600 });
  keys = [
    { domain: 'demo.example', selector: 'one', keyFile: join(folder, 'rsa.pem') },
    { domain: 'demo.example', selector: 'two', keyFile: join(folder, 'ed25519.pem') },
  ];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mailOf = (from: string) =>
  `From: ${from}\r\nTo: bo@citizen.example\r\nSubject: Journal\r\nMessage-ID: <1@x.example>\r\n` +
  'Date: Sun, 29 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n.dots\r\n\r\nEnd  \r\n\r\n';

/** The DKIM results of a reader who asks DNS, and whether DMARC is content. */
async function judged(content: Buffer) {
  const { dkim, dmarc } = await authenticate(content, {
    ip: '127.0.0.1',
    helo: 'x.example',
    sender: 'x@else.example',
    resolver: (name: string, type: string) => {
      if (name === '_dmarc.demo.example' && type === 'TXT') return Promise.resolve([['v=DMARC1; p=reject']]);
      const record = type === 'TXT' ? RECORDS[name] : undefined;
      return record === undefined
        ? Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }))
        : Promise.resolve([[record]]);
    },
  });
  return {
    dkim: dkim.results.map(({ signingDomain, status }) => [signingDomain, status.result]),
    dmarc: dmarc !== false && dmarc.status.result,
  };
}

const received = async (world: DeliveryWorld, from: string, to = 'bo@citizen.example') => {
  const emailId = await world.protect([to], 'smime-personal', mailOf(from));
  await world.event(emailId, 'Delivered');
  return [...world.outside.received(), ...world.own.received()].at(-1)?.content ?? Buffer.alloc(0);
};

describe('what goes outside', () => {
  it('is signed with every key of the domain in From, and that satisfies DMARC', () =>
    inWorld({ delivery: { tenant: { dkim: keys } } }, async (world) => {
      const content = await received(world, 'Anna <anna@demo.example>');
      expect(content.toString()).toMatch(/^DKIM-Signature: [^]*\r\nFrom: Anna <anna@demo\.example>\r\n/);
      expect(content.toString().endsWith(mailOf('Anna <anna@demo.example>'))).toBe(true);
      const good = await judged(content);
      expect(
        content
          .toString()
          .match(/\bs=(one|two);/g)
          ?.toSorted(),
      ).toEqual(['s=one;', 's=two;']);
      expect(good.dkim).toEqual([
        ['demo.example', 'pass'],
        ['demo.example', 'pass'],
      ]);
      expect(good.dmarc).toBe('pass');
      const changed = await judged(
        Buffer.from(content.toString().replace('Subject: Journal', 'Subject: Other')),
      );
      expect(changed.dmarc).toBe('fail');
      // What phishers add to a genuine mail, above what is there.
      for (const added of [
        ...['From: Eve <eve@demo.example>', 'Reply-To: eve@evil.example', 'To: eve@evil.example'],
        ...['Cc: eve@evil.example', 'Subject: Pay now', 'Date: Mon, 30 Nov 2026 10:00:00 +0000'],
      ]) {
        const { dkim } = await judged(Buffer.from(`${added}\r\n${content.toString()}`));
        expect([added, ...dkim.map(([, result]) => result)]).toEqual([added, 'fail', 'fail']);
      }
    }));

  it('is signed alike at each attempt, so that what comes twice is one mail', () =>
    inWorld({ delivery: { tenant: { dkim: keys } } }, async (world) => {
      world.outside.misbehave({ phase: 'final-dot', action: 'drop', keeps: true, times: 1 });
      await received(world, 'anna@demo.example');
      const [first, second, ...others] = world.outside.received().map(({ content }) => content.toString());
      expect(second).toBe(first);
      expect(others).toEqual([]);
    }));

  it('is signed by the domain above it where that one has the key, and by nobody else’s', () =>
    inWorld(
      { delivery: { tenant: { domains: ['demo.example', 'post.demo.example', 'demo.net'], dkim: keys } } },
      async (world) => {
        expect((await judged(await received(world, 'anna@post.demo.example'))).dkim).toHaveLength(2);
        expect(await received(world, 'anna@demo.net')).toEqual(Buffer.from(mailOf('anna@demo.net')));
      },
    ));
});

it('a notification of SecureMailBox is signed, and what stays inside is not', () =>
  inWorld({ delivery: { tenant: { dkim: keys } } }, async (world) => {
    const emailId = await world.protect(['bo@citizen.example'], 'mailbox', 'Subject: x\r\n\r\nSecret\r\n');
    await world.deposit(emailId, 'bo@citizen.example', mailOf('securemail@demo.example'));
    await world.event(emailId, 'Delivered');
    expect((await judged(world.outside.received().at(-1)?.content ?? Buffer.alloc(0))).dmarc).toBe('pass');
    const inside = await world.protect(['ulla@demo.example'], 'internal', mailOf('anna@demo.example'));
    await world.event(inside, 'Delivered');
    expect(world.own.received().at(-1)?.content.toString()).toBe(mailOf('anna@demo.example'));
  }));

it('a key that can not be read stops the start, and says which', async () => {
  const world = await openDeliveryWorld();
  const dkim = [{ domain: 'demo.example', selector: 'one', keyFile: join(folder, 'none.pem') }];
  await expect(world.start({ tenant: { dkim } })).rejects.toThrow(
    /tenants: dkim\.0\.keyFile of demo .*none\.pem/,
  );
  await world.close();
});

it('a key that others may use stops the start, and says what to do', async () => {
  const world = await openDeliveryWorld();
  const keyFile = join(folder, 'shared.pem');
  await writeFile(keyFile, pemOf(rsa));
  await chmod(keyFile, 0o644);
  const dkim = [{ domain: 'demo.example', selector: 'one', keyFile }];
  await expect(world.start({ tenant: { dkim } })).rejects.toThrow(
    /tenants: dkim\.0\.keyFile of demo has mode 0644, others may use it; .*chmod 600 .*shared\.pem/,
  );
  await chmod(keyFile, 0o600);
  await (await world.start({ tenant: { dkim } })).close();
  await world.close();
});

it('a record that is not there, or of another key, is known for it', async () => {
  const dns = await startDnsServer({
    records: Object.entries(RECORDS).map(([name, record]) => ({
      type: 'TXT',
      name,
      data: record.match(/.{1,250}/g) ?? [],
    })),
  });
  const outside = openOutside(
    OutsideSettings.parse({
      dns: { servers: [{ address: '127.0.0.1', port: dns.port }], timeoutSeconds: 1 },
    }),
  );
  const key = (selector: string, file: string): DkimKey =>
    readDkimKey('x', { domain: 'demo.example', selector, keyFile: join(folder, file) });
  expect(await recordFault(key('one', 'rsa.pem'), outside)).toBeNull();
  expect(await recordFault(key('two', 'ed25519.pem'), outside)).toBeNull();
  expect(await recordFault(key('two', 'rsa.pem'), outside)).toBe('another-key');
  expect(await recordFault(key('three', 'rsa.pem'), outside)).toBe('no-record');
  await dns.stop();
  expect(await recordFault(key('one', 'rsa.pem'), outside)).toBe('lookup-failed');
});
