// SPDX-License-Identifier: Apache-2.0
import {
  startDnsServer,
  type DnsRecord,
  type DnsServerOptions,
  type RunningDnsServer,
} from '@securemail/testing';
import { validatingResolver } from './dns/validating-resolver.ts';
import type { StsPolicy } from './mta-sts/fetch-policy.ts';
import { stsPolicies } from './mta-sts/sts-policies.ts';
import { tlsPolicies, type Pin, type TlsPoliciesOptions } from './tls-policies.ts';

const DOMAIN = 'partner.example';
const digest = Buffer.alloc(32, 7);
const mx = (exchange: string, preference = 10): DnsRecord => ({
  type: 'MX',
  name: DOMAIN,
  data: { exchange, preference },
});
const a = (name: string): DnsRecord => ({ type: 'A', name, data: '192.0.2.1' });
const tlsa = (host: string, more: object = {}): DnsRecord => ({
  type: 'TLSA',
  name: `_25._tcp.${host}`,
  data: { usage: 3, selector: 1, matchingType: 1, certificate: digest, ...more },
});
const sts: DnsRecord = { type: 'TXT', name: `_mta-sts.${DOMAIN}`, data: 'v=STSv1; id=1;' };
const ENFORCE: StsPolicy = { mode: 'enforce', mx: ['mx1.partner.example'], maxAgeSeconds: 600 };

let dns: RunningDnsServer;
beforeAll(async () => {
  dns = await startDnsServer();
});
afterAll(() => dns.stop());

const MX1 = { host: 'mx1.partner.example', port: 25 };
const MX2 = { host: 'mx2.partner.example', port: 25 };
const TWO = [mx(MX1.host), mx(MX2.host, 20), a(MX1.host), a(MX2.host)];
const byRecord = (host: string, names = [host, DOMAIN]) => ({
  kind: 'dane',
  name: names[0],
  names,
  tlsa: [{ usage: 3, selector: 1, matchingType: 1, data: digest }],
});
const byName = (name: string) => ({ kind: 'verified', names: [name] });

interface World extends DnsServerOptions, Pick<TlsPoliciesOptions, 'routes'> {
  /** Null: its host is away. */
  policy?: StsPolicy | null;
  domain?: string;
  pin?: Pin;
}
function found({ policy = null, domain = DOMAIN, pin, routes = [], ...served }: World) {
  dns.serve(served);
  const resolver = validatingResolver({ servers: [dns], timeoutMs: 300 });
  const fetch = () => (policy === null ? Promise.reject(new Error('away')) : Promise.resolve(policy));
  return tlsPolicies({ resolver, routes, sts: stsPolicies({ resolver, fetch }) }).of(domain, pin);
}

it('a domain and a mail server whose names leave no room for those of policies have none', async () => {
  const long = `${'a.'.repeat(121)}example`;
  expect(
    await found({
      domain: long,
      records: [
        { type: 'MX', name: long, data: { exchange: long, preference: 1 } },
        { type: 'A', name: long, data: '192.0.2.1' },
      ],
      secure: [long],
    }),
  ).toMatchObject({
    kind: 'not-enforceable',
    because: 'no-policy',
    hosts: [{ host: long }],
  });
});

describe('DANE', () => {
  const records = [...TWO, tlsa(MX1.host)];
  const secure = [DOMAIN];

  it('is enforced at the servers that have records, and the others are left out', async () => {
    expect(await found({ records, secure })).toEqual({
      kind: 'enforceable',
      by: 'dane',
      hosts: [{ ...MX1, tls: byRecord(MX1.host) }],
    });
  });

  it('goes before MTA-STS', async () => {
    const all = { records: [...TWO, tlsa(MX2.host), sts], secure, policy: ENFORCE };
    expect(await found(all)).toMatchObject({ by: 'dane', hosts: [MX2] });
  });

  it('counts only what DNSSEC proves: the way there, too', async () => {
    const unproven = { kind: 'not-enforceable', because: 'no-policy', hosts: [MX1, MX2] };
    expect(await found({ records })).toEqual(unproven);
    expect(await found({ records, secure: [MX1.host] })).toEqual(unproven);
  });

  it('is not taken for absent where nobody can say', async () => {
    const faults = { [`_25._tcp.${MX1.host}`]: 'failing' as const };
    expect(await found({ records, secure, faults })).toEqual({
      kind: 'lookup-failed',
      what: 'tlsa',
      hosts: [MX2],
    });
  });

  it('with records that no mail client can use proves nothing, and TLS is owed all the same', async () => {
    const useless = [mx(MX1.host), a(MX1.host), tlsa(MX1.host, { usage: 1 })];
    expect(await found({ records: useless, secure })).toEqual({
      kind: 'not-enforceable',
      because: 'tlsa-unusable',
      hosts: [{ ...MX1, mustEncrypt: true }],
    });
  });

  it.each([
    ['useless', [tlsa(MX1.host, { usage: 1 })], {}],
    ['not to be had', [], { [`_25._tcp.${MX1.host}`]: 'failing' as const }],
  ])('at one server, where it is %s, does not lead past MTA-STS at another one', async (_, more, faults) => {
    const world = { records: [...TWO, sts, ...more], secure, faults };
    const elsewhere = await found({ ...world, policy: { ...ENFORCE, mx: ['mx.else.example'] } });
    expect(elsewhere).toMatchObject({ hosts: [] });
    const there = await found({ ...world, policy: { ...ENFORCE, mx: [MX2.host] } });
    expect(there).toMatchObject({ kind: 'enforceable', by: 'mta-sts', hosts: [MX2] });
  });

  it('asks for the records of the host that an alias leads to, then for those of the alias', async () => {
    const behind = [
      mx('alias.partner.example'),
      { type: 'CNAME' as const, name: 'alias.partner.example', data: MX1.host },
      a(MX1.host),
    ];
    const names = [MX1.host, 'alias.partner.example', DOMAIN];
    expect(await found({ records: [...behind, tlsa(MX1.host)], secure })).toMatchObject({
      hosts: [{ host: 'alias.partner.example', tls: byRecord(MX1.host, names) }],
    });
    expect(await found({ records: [...behind, tlsa('alias.partner.example')], secure })).toMatchObject({
      hosts: [{ tls: { name: 'alias.partner.example' } }],
    });
  });
});

describe('MTA-STS', () => {
  const records = [...TWO, sts];

  it('is enforced at the servers that the policy names', async () => {
    expect(await found({ records, policy: ENFORCE })).toEqual({
      kind: 'enforceable',
      by: 'mta-sts',
      hosts: [{ ...MX1, tls: byName(MX1.host) }],
      sts: { policy: ENFORCE },
    });
  });

  it.each<[string, StsPolicy | null, object]>([
    ['is being tried out', { ...ENFORCE, mode: 'testing' }, { because: 'policy-testing', hosts: [MX1, MX2] }],
    ['was given up', { ...ENFORCE, mode: 'none', mx: [] }, { because: 'no-policy', hosts: [MX1, MX2] }],
    [
      'names none of them',
      { ...ENFORCE, mx: ['*.else.example'] },
      { because: 'no-host-in-policy', hosts: [] },
    ],
    ['can not be fetched', null, { kind: 'lookup-failed', what: 'mta-sts', hosts: [MX1, MX2] }],
  ])('proves nothing where the policy %s', async (_, policy, expected) => {
    expect(await found({ records, policy })).toMatchObject(expected);
  });
});

describe('what was agreed with a partner', () => {
  const pin = { names: ['gateway.partner.example'], caFile: '/partner.pem' };
  const tls = { kind: 'verified', ...pin };

  it('goes before all that DNS says of it', async () => {
    const world = { records: [...TWO, tlsa(MX1.host)], secure: [DOMAIN], pin };
    expect(await found(world)).toEqual({
      kind: 'enforceable',
      by: 'pinned',
      hosts: [
        { ...MX1, tls },
        { ...MX2, tls },
      ],
    });
  });

  it('may say where its servers are, and then nobody asks DNS', async () => {
    const server = { host: 'relay.partner.example', port: 2_525 };
    expect(await found({ pin: { ...pin, servers: [server] }, faults: { example: 'failing' } })).toEqual({
      kind: 'enforceable',
      by: 'pinned',
      hosts: [{ ...server, tls }],
    });
  });
});

describe('a route that the operator has set', () => {
  const routes = [{ domain: DOMAIN, host: 'inside.partner.example', port: 2_525 }];
  const record = { ...tlsa(MX1.host), name: '_2525._tcp.inside.partner.example' };

  it('stands in place of MX records, and its host has to prove the same', async () => {
    const records = [a('inside.partner.example'), record];
    expect(await found({ routes, records, secure: [DOMAIN] })).toMatchObject({
      by: 'dane',
      hosts: [{ host: 'inside.partner.example', port: 2_525 }],
    });
  });

  it('takes what is encrypted itself even where a policy does not name it', async () => {
    expect(await found({ routes, records: [sts], policy: ENFORCE })).toEqual({
      kind: 'not-enforceable',
      because: 'no-host-in-policy',
      hosts: [{ host: 'inside.partner.example', port: 2_525 }],
      sts: { policy: ENFORCE },
    });
  });
});

describe('a relay that takes mail for every domain', () => {
  const relay = { host: 'relay.hosting.example', port: 2_525 };
  const routes = [{ domain: '*', ...relay }];
  const records = [a(relay.host), { ...tlsa(MX1.host), name: `_2525._tcp.${relay.host}` }];
  const secure = ['hosting.example'];

  it('proves nothing of the way behind it', async () => {
    expect(await found({ routes, records, secure })).toEqual({
      kind: 'not-enforceable',
      because: 'no-policy',
      hosts: [relay],
    });
    expect(await found({ routes, records, secure, domain: 'never-registered.example' })).toMatchObject({
      kind: 'not-enforceable',
    });
    expect(await found({ routes, records: [a(relay.host)] })).toMatchObject({ hosts: [relay] });
  });

  it('is that of a domain whose policy names it', async () => {
    const policy = { ...ENFORCE, mx: [relay.host] };
    expect(await found({ routes, records: [...records, sts], secure, policy })).toMatchObject({
      kind: 'enforceable',
      by: 'mta-sts',
      hosts: [{ ...relay, tls: byName(relay.host) }],
    });
    expect(await found({ routes, records: [...records, sts], secure, policy: ENFORCE })).toMatchObject({
      because: 'no-host-in-policy',
      hosts: [relay],
    });
  });

  it('takes nothing from a route of the domain itself', async () => {
    const own = { domain: DOMAIN, host: 'inside.partner.example', port: 2_525 };
    const its = { ...tlsa(MX1.host), name: '_2525._tcp.inside.partner.example' };
    const all = [...records, a(own.host), its];
    expect(await found({ routes: [...routes, own], records: all, secure: [DOMAIN] })).toMatchObject({
      by: 'dane',
      hosts: [{ host: own.host }],
    });
  });
});

describe('a domain', () => {
  it('without MX records is its own server, and without anything takes no mail', async () => {
    const itself = { ...a(DOMAIN) };
    expect(await found({ records: [itself, { ...tlsa(DOMAIN) }], secure: [DOMAIN] })).toMatchObject({
      by: 'dane',
      hosts: [{ host: DOMAIN, port: 25 }],
    });
    expect(await found({ records: [] })).toEqual({ kind: 'no-mail', because: 'host-not-found' });
    const text: DnsRecord = { type: 'TXT', name: DOMAIN, data: 'x' };
    expect(await found({ records: [text] })).toEqual({ kind: 'no-mail', because: 'host-not-found' });
  });

  it('may say that it takes no mail', async () => {
    expect(await found({ records: [mx('.', 0)] })).toEqual({ kind: 'no-mail', because: 'null-mx' });
  });

  it('whose DNS fails may have anything', async () => {
    const failed = { kind: 'lookup-failed', what: 'mx', hosts: [] };
    expect(await found({ faults: { [DOMAIN]: 'failing' } })).toEqual(failed);
    expect(await found({ faults: { [DOMAIN]: 'silent' } })).toEqual(failed);
  });

  it('may be written in letters outside ASCII', async () => {
    const name = 'xn--bcher-kva.example';
    const records: DnsRecord[] = [{ type: 'MX', name, data: { exchange: 'mx.example', preference: 1 } }];
    expect(await found({ records, domain: 'bücher.example' })).toMatchObject({ because: 'no-policy' });
  });

  it('is asked about anew where asking broke, and what broke is told to who asked alone', async () => {
    let asked = 0;
    const resolver = {
      validating: true,
      query: () => {
        asked += 1;
        return Promise.reject(new TypeError('a fault of ours'));
      },
    };
    const policies = tlsPolicies({ resolver, sts: { of: () => Promise.resolve({ kind: 'none' }) } });
    await expect(policies.of(DOMAIN)).rejects.toThrow('a fault of ours');
    await expect(policies.of(DOMAIN)).rejects.toThrow('a fault of ours');
    expect(asked).toBe(2);
  });

  it('that many mails go to is asked about once', async () => {
    const resolver = validatingResolver({ servers: [dns], timeoutMs: 300 });
    const fetch = () => Promise.resolve(ENFORCE);
    const policies = tlsPolicies({ resolver, sts: stsPolicies({ resolver, fetch }) });
    dns.serve({ records: [...TWO, sts] });
    const before = dns.asked.length;
    const answers = await Promise.all([policies.of(DOMAIN), policies.of(DOMAIN)]);
    expect(answers[0]).toBe(answers[1]);
    expect(dns.asked.slice(before).filter((each) => each.startsWith(`${DOMAIN} MX`))).toHaveLength(1);
  });
});
