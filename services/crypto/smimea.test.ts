// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Address, domainOf } from '@securemail/contracts';
import { createApiKey } from '@securemail/service';
import {
  createCertificateAuthority,
  missing,
  startDnsServer,
  startUnbound,
  unboundIsThere,
  type DnsRecord,
  type Issued,
  type RunningUnbound,
} from '@securemail/testing';
import {
  LookupFailedError,
  validatingResolver,
  type Answer,
  type RecordType,
  type Resolver,
} from '@securemail/tls-policy';
import { impatient } from './adapters/impatient.ts';
import { smimeaRecords } from './adapters/smimea-records.ts';
import { tlsFindings } from './adapters/tls-findings.ts';
import { checkName } from './certificates.ts';
import { smimeaNameOf } from './adapters/smimea-name.ts';
import { startCrypto } from './service.ts';
import { SmimeaSettings } from './settings.ts';
import { directoryIn } from './testing/directory-of.ts';
import { sha256Of } from './testing/openssl.ts';
import { named, openCryptoWorld, type CryptoWorld } from './testing/running-crypto.ts';

const NO_POLICIES = { of: () => Promise.reject(new Error('not asked')) };
const stranger = await createCertificateAuthority({ name: 'Nobody here trusts it' });
const issue = (email: string, by = stranger) => by.issuePerson({ email, name: email });
const derOf = ({ certificatePem }: Pick<Issued, 'certificatePem'>) => new X509Certificate(certificatePem).raw;
const address = (text: string) => Address.parse(text);

/** As `dns-packet` writes a type that it does not know. */
const recordOf = (of: string, certificate: Issued, ttl: number): DnsRecord =>
  ({
    type: 'UNKNOWN_53',
    name: smimeaNameOf(address(of)),
    ttl,
    data: Buffer.concat([Buffer.of(3, 0, 0), derOf(certificate)]),
  }) as unknown as DnsRecord;

describe('what DNS says is remembered', () => {
  it('as long as its records live, within what is set, also that there is nothing', async () => {
    const [long, short] = await Promise.all([issue('long@safe.example'), issue('short@safe.example')]);
    const dns = await startDnsServer({
      records: [recordOf('long@safe.example', long, 9_000), recordOf('short@safe.example', short, 1)],
      secure: ['safe.example'],
    });
    const settings = SmimeaSettings.parse({ cacheSeconds: 2, notFoundSeconds: 0 });
    const records = smimeaRecords(validatingResolver({ servers: [dns] }), settings);
    const asked = async (text: string) => {
      const before = dns.asked.length;
      const answer = (await records?.lookUp([address(text)]))?.get(address(text));
      return { found: answer?.certificates.length, asked: dns.asked.length > before };
    };
    for (const known of ['long@safe.example', 'short@safe.example'])
      expect(await asked(known)).toEqual({ found: 1, asked: true });
    expect(await asked('nobody@safe.example')).toEqual({ found: 0, asked: true });
    expect(await asked('nobody@safe.example')).toEqual({ found: 0, asked: true });
    await sleep(1_200);
    expect(await asked('long@safe.example')).toEqual({ found: 1, asked: false });
    expect(await asked('short@safe.example')).toEqual({ found: 1, asked: true });
    await sleep(1_200);
    expect(await asked('long@safe.example')).toEqual({ found: 1, asked: true });
    await dns.stop();
  });

  it('and who does not wait has it the next time', async () => {
    const bo = await issue('bo@safe.example');
    const dns = await startDnsServer({
      records: [recordOf('bo@safe.example', bo, 60)],
      secure: ['safe.example'],
    });
    const fast = validatingResolver({ servers: [dns] });
    const slow: Resolver = {
      validating: true,
      query: (name, type) => sleep(200).then(() => fast.query(name, type)),
    };
    const sources = {
      ldap: null,
      smimea: smimeaRecords(slow, SmimeaSettings.parse({})),
      policies: NO_POLICIES,
    };
    const known = async () => {
      const { smimea } = impatient(sources, { directoriesMs: 50, allMs: 50 });
      return (await smimea?.lookUp([address('bo@safe.example')]))?.get(address('bo@safe.example'));
    };
    expect(await known()).toMatchObject({ failed: true, certificates: [] });
    while ((await known())?.failed !== false) await sleep(20);
    expect((await known())?.certificates).toHaveLength(1);
    expect(dns.asked).toHaveLength(2);
    await dns.stop();
  });

  it('in a domain that is not signed nobody is asked for, as servers fail at what they do not know', async () => {
    const dns = await startDnsServer({
      records: [{ type: 'MX', name: 'plain.example', data: { exchange: 'mx.plain.example', preference: 1 } }],
      faults: { '_smimecert.plain.example': 'failing' },
    });
    const records = smimeaRecords(validatingResolver({ servers: [dns] }), SmimeaSettings.parse({}));
    const bo = address('bo@plain.example');
    expect((await records?.lookUp([bo]))?.get(bo)).toMatchObject({ failed: false, records: [] });
    expect(dns.asked).toEqual(['plain.example MX udp']);
    await dns.stop();
  });

  it('where the servers of a domain are silent, a few of a thousand recipients are asked about; where they answer, all', async () => {
    const asked: string[] = [];
    let silent = true;
    const resolver: Resolver = {
      validating: true,
      query: async <Type extends RecordType>(canonicalName: string, type: Type) => {
        const found: Answer<Type> = {
          records: [],
          secure: true,
          exists: true,
          canonicalName,
          ttlSeconds: 300,
        };
        if (type === 'MX') return found;
        asked.push(canonicalName);
        if (!silent && asked.length % 3 > 0) return found;
        await sleep(1_000);
        throw new LookupFailedError('no answer in time');
      },
    };
    const people = (domain: string, count: number) =>
      Array.from({ length: count }, (_, index) => address(`p${index}@${domain}`));
    const thousand = smimeaRecords(resolver, SmimeaSettings.parse({}));
    const answers = await thousand?.lookUp(people('silent.example', 1_000));
    expect([...(answers?.values() ?? [])].filter(({ failed }) => failed)).toHaveLength(1_000);
    expect(asked.length).toBeLessThan(40);
    expect((await thousand?.lookUp(people('other.example', 1)))?.size).toBe(1);
    expect(asked.at(-1)).toMatch(/other\.example$/);
    silent = false;
    asked.length = 0;
    await thousand?.lookUp(people('busy.example', 60));
    expect(asked).toHaveLength(60);
  });

  it('nobody is asked after the time that is given, and who was not asked counts as failed', async () => {
    const steps: string[] = [];
    const resolver: Resolver = {
      validating: true,
      query: <Type extends RecordType>(canonicalName: string, type: Type) => {
        steps.push(type);
        const found: Answer<Type> = {
          records: [],
          secure: true,
          exists: true,
          canonicalName,
          ttlSeconds: 300,
        };
        return Promise.resolve(found);
      },
    };
    const people = Array.from({ length: 40 }, (_, index) => address(`p${index}@d${index}.example`));
    const records = smimeaRecords(resolver, SmimeaSettings.parse({}));
    const progressed = () => void steps.push('progressed');
    const failed = async (until: number) =>
      [...((await records?.lookUp(people, { until, progressed }))?.values() ?? [])].filter(
        (each) => each.failed,
      ).length;
    expect(await failed(Date.now() - 1)).toBe(40);
    expect(steps).toEqual([]);
    const policies = { of: () => Promise.reject(new Error('not asked')) };
    const domains = people.map((each) => domainOf(each));
    const asking = { tenant: undefined, policies, progressed };
    expect((await tlsFindings(domains, { ...asking, until: Date.now() - 1 })).size).toBe(0);
    expect(await failed(Date.now() + 60_000)).toBe(0);
    expect(steps.filter((step) => step === 'progressed')).toHaveLength(40);
  });

  it('nobody is asked where nothing would be proven, or the settings say no', () => {
    const resolver = validatingResolver({ servers: [] });
    expect(smimeaRecords({ ...resolver, validating: false }, SmimeaSettings.parse({}))).toBeNull();
    expect(smimeaRecords(resolver, SmimeaSettings.parse({ use: false }))).toBeNull();
  });
});

describe('with Unbound, over signed, unsigned and tampered zones', () => {
  if (!unboundIsThere()) {
    missing('Unbound', 'apt install unbound ldnsutils');
    return;
  }
  const app = createApiKey('app');
  let world: CryptoWorld;
  let unbound: RunningUnbound;
  const running: { close(): Promise<void> }[] = [];
  const people: Record<string, Issued> = {};

  beforeAll(async () => {
    world = await openCryptoWorld({
      demo: {
        apiKeys: [{ id: 'app', sha256: app.sha256, senders: ['*@demo.example'] }],
        partners: [
          {
            domain: 'tampered.example',
            tlsNames: ['mx.tampered.example'],
            mailServers: [{ host: '127.0.0.1' }],
          },
        ],
      },
    });
    const { authority } = world.cast;
    const line = async (text: string, usage = 3, by = stranger) => {
      people[text] = await issue(text, by);
      const [label] = smimeaNameOf(address(text)).split('.');
      return `${label ?? ''}._smimecert SMIMEA ${usage} 0 0 ${derOf(people[text]).toString('hex')}`;
    };
    const mx = ['@ MX 10 mx', 'mx A 192.0.2.1'];
    unbound = await startUnbound({
      signed: {
        'signed.example': [
          ...mx,
          await line('bo@signed.example'),
          await line('strict@signed.example', 1),
          await line('public@signed.example', 1, authority),
          await line('odd@signed.example', 7),
        ],
      },
      unsigned: { 'unsigned.example': [...mx, await line('bo@unsigned.example')] },
      tampered: { 'tampered.example': [await line('bo@tampered.example')] },
    });
  });
  afterAll(async () => {
    await unbound.stop();
    await world.close();
  });

  const start = async (crypto: object = {}) => {
    const settings = world.settings({ http: { port: 0 }, ...crypto });
    const dns = { servers: [{ address: unbound.address, port: unbound.port }], timeoutSeconds: 2 };
    const started = await startCrypto({ ...settings, outside: { ...settings.outside, dns } });
    running.push(started);
    return started;
  };
  const stopAll = () => Promise.all(running.splice(0).map((each) => each.close()));
  afterEach(stopAll);
  const outcomeFor = async (text: string) => {
    const events = await world.outcome(await world.accept({ to: [text] }));
    const [planned] = named(events, 'ProtectionPlanned');
    return {
      method: planned?.data.recipients[0]?.method,
      used: named(events, 'EmailProtected').flatMap(({ data }) => data.encryption?.certificateSha256 ?? []),
      held: named(events, 'EmailHeld').map(({ data }) => data.because),
    };
  };
  const usedFor = (text: string) => ({
    method: 'smime-personal',
    used: [sha256Of(people[text]!.certificatePem)],
    held: [],
  });

  it('an email is encrypted for what DNSSEC proves, and for nothing else that DNS says', async () => {
    await start();
    expect(await outcomeFor('bo@signed.example')).toEqual(usedFor('bo@signed.example'));
    expect(await outcomeFor('public@signed.example')).toEqual(usedFor('public@signed.example'));
    // Two spellings are two mailboxes.
    expect(await outcomeFor('BO@signed.example')).toMatchObject({ method: null });
    expect(await outcomeFor('strict@signed.example')).toMatchObject({ held: ['certificate-untrusted'] });
    expect(await outcomeFor('odd@signed.example')).toMatchObject({ method: null, used: [] });
    expect(await outcomeFor('bo@unsigned.example')).toMatchObject({ method: null, used: [] });
  });

  it('where it was tampered with the email waits, and goes on by what is weaker and proven otherwise', async () => {
    await start({ lookupPatienceSeconds: 300 });
    const waiting = await world.accept({ to: ['bo@tampered.example'] });
    const letters = async () =>
      (await world.pool.query<{ reason: string }>('select reason from dead_letters')).rows;
    // Written down before it is handled, and said of it then that it is.
    while ((await letters()).every(({ reason }) => reason === 'is being handled')) await sleep(20);
    expect(await letters()).toEqual([{ reason: 'AwayError: 1 lookups have no answer' }]);
    expect(await world.events(waiting)).toEqual([]);
    await stopAll();
    await start();
    const events = await world.outcome(waiting);
    expect(named(events, 'ProtectionPlanned')[0]?.data.recipients).toMatchObject([
      {
        method: 'tls',
        passedOver: expect.arrayContaining([
          { method: 'smime-personal', because: 'certificate-lookup-failed' },
        ]) as unknown,
      },
    ]);
  });

  it('mail that stays inside goes whatever DNS does', async () => {
    world.dns({ faults: { 'demo.example': 'silent' } });
    running.push(await world.start({ lookupPatienceSeconds: 300 }));
    expect(await outcomeFor('ulla@demo.example')).toMatchObject({ method: 'internal', held: [] });
  });

  it('it is not asked where the settings say no', async () => {
    await start({ smimea: { use: false } });
    expect(await outcomeFor('bo@signed.example')).toMatchObject({ method: null, used: [] });
  });

  it('who asks before sending is shown where the certificate is known from', async () => {
    const { url } = await start();
    const response = await fetch(`${url ?? ''}/v1/recipients/check`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${app.key}` },
      body: JSON.stringify({
        from: 'anna@demo.example',
        recipients: ['bo@signed.example', 'bo@citizen.example', 'bo@tampered.example'],
      }),
    });
    const { recipients } = (await response.json()) as { recipients: unknown[] };
    expect(recipients).toMatchObject([
      {
        method: 'smime-personal',
        certificate: { source: 'dns', sha256: sha256Of(people['bo@signed.example']!.certificatePem) },
      },
      { method: 'smime-personal', certificate: { source: 'folder' } },
      { method: 'tls', certificate: null },
    ]);
  });

  it('an administrator is shown where it comes from, and by what it is trusted', async () => {
    const { of } = await directoryIn(world);
    const resolver = validatingResolver({ servers: [unbound] });
    const smimea = smimeaRecords(resolver, SmimeaSettings.parse({}));
    const checked = await checkName({ ...of, smimea }, 'bo@signed.example', new Date(), null);
    expect(checked?.[0]?.candidates).toMatchObject([
      { source: 'dns', used: true, reason: expect.stringContaining('SMIMEA, usage 3') as unknown },
    ]);
  });
});
