// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority } from '@securemail/testing';
import { LookupFailedError, type DomainTls } from '@securemail/tls-policy';
import { ownMailServers, serversOf, type Surroundings } from './adapters/routes.ts';

const DOMAIN = 'citizen.example';
const MX = { host: 'mx.citizen.example', port: 25 };
const VERIFIED = { kind: 'verified' as const, names: [MX.host] };
const OPEN = { kind: 'opportunistic' };

interface World extends Partial<Omit<Surroundings, 'outside'>> {
  tls: DomainTls;
  addresses?: string[] | null | Error;
}

/** Where a mail goes that must have verified TLS, and one that is encrypted itself; and whether DNS was asked for policies. */
async function routed({ tls, addresses = null, routes = [], tenant }: World) {
  let asked = 0;
  const outside = {
    policies: {
      of: () => {
        asked += 1;
        return Promise.resolve(tls);
      },
    },
    addressesOf: () => (addresses instanceof Error ? Promise.reject(addresses) : Promise.resolve(addresses)),
  };
  const around = { routes, tenant, outside };
  return {
    verified: await serversOf(DOMAIN, true, around),
    encrypted: await serversOf(DOMAIN, false, around),
    asked,
  };
}
const nowhere = (failure: string, permanent = false) => ({ kind: 'nowhere', permanent, failure });
const hops = (...all: object[]) => ({ kind: 'hops', hops: all });

describe('the mail servers of a domain', () => {
  it('that proves who they are are held to it, whatever the mail is', async () => {
    const tls: DomainTls = { kind: 'enforceable', by: 'mta-sts', hosts: [{ ...MX, tls: VERIFIED }] };
    const expected = hops({ ...MX, tls: { ...VERIFIED, ca: undefined, policy: 'mta-sts' } });
    expect(await routed({ tls })).toMatchObject({ verified: expected, encrypted: expected });
  });

  it.each<[string, DomainTls, object, object]>([
    [
      'that does not take what is encrypted itself, and nothing else',
      { kind: 'not-enforceable', because: 'no-policy', hosts: [MX] },
      nowhere('tls-not-enforceable'),
      hops({ ...MX, tls: OPEN }),
    ],
    [
      'whose policy names none of them take nothing',
      { kind: 'not-enforceable', because: 'no-host-in-policy', hosts: [] },
      nowhere('tls-not-enforceable'),
      nowhere('tls-not-enforceable'),
    ],
    [
      'that owe TLS get what is encrypted itself in TLS alone',
      { kind: 'not-enforceable', because: 'tlsa-unusable', hosts: [{ ...MX, mustEncrypt: true }] },
      nowhere('tls-not-enforceable'),
      hops({ ...MX, tls: { ...OPEN, required: true } }),
    ],
    [
      'whose policy can not be had take what is encrypted itself',
      { kind: 'lookup-failed', what: 'mta-sts', hosts: [MX] },
      nowhere('tls-lookup-failed'),
      hops({ ...MX, tls: OPEN }),
    ],
    [
      'whose TLSA records can not be had are left alone',
      { kind: 'lookup-failed', what: 'tlsa', hosts: [] },
      nowhere('tls-lookup-failed'),
      nowhere('tls-lookup-failed'),
    ],
    [
      'that can not be looked up are tried later',
      { kind: 'lookup-failed', what: 'mx', hosts: [] },
      nowhere('dns-failed'),
      nowhere('dns-failed'),
    ],
    [
      'that takes no mail are nowhere, for good',
      { kind: 'no-mail', because: 'null-mx' },
      nowhere('null-mx', true),
      nowhere('null-mx', true),
    ],
  ])('%s', async (_, tls, verified, encrypted) => {
    expect(await routed({ tls })).toMatchObject({ verified, encrypted });
  });
});

describe('a route that the operator has set', () => {
  const routes = [
    { domain: '*', host: 'relay.example', port: 25 },
    { domain: DOMAIN, host: 'inside.example', port: 2_525 },
  ];
  const tls: DomainTls = { kind: 'lookup-failed', what: 'tlsa', hosts: [] };

  it('takes what is encrypted itself, and nobody else is asked', async () => {
    const { encrypted, asked } = await routed({ routes, tls });
    expect([encrypted, asked]).toEqual([hops({ host: 'inside.example', port: 2_525, tls: OPEN }), 1]);
    const [relay] = routes;
    const { encrypted: other } = await routed({ routes: [relay!], tls });
    expect(other).toMatchObject(hops({ host: 'relay.example' }));
  });

  it('does not lead past what was agreed with a partner', async () => {
    const tenant = { partners: [{ domain: DOMAIN, tlsNames: ['gateway.citizen.example'] }] };
    const { encrypted } = await routed({ routes, tls, tenant });
    expect(encrypted).toEqual(nowhere('tls-lookup-failed'));
  });
});

describe('a session is counted', () => {
  const tls: DomainTls = { kind: 'not-enforceable', because: 'no-policy', hosts: [MX] };
  const none = { type: 'no-policy-found', strings: [], mxPatterns: [] };

  it('for the domain, under the policy that it stands under', async () => {
    const { encrypted } = await routed({ tls });
    expect(encrypted).toEqual(hops({ ...MX, tls: OPEN, counted: { domain: DOMAIN, policy: none } }));
  });

  it('also where a policy leads nowhere', async () => {
    const failed: DomainTls = {
      kind: 'lookup-failed',
      what: 'mta-sts',
      hosts: [MX],
      fault: 'sts-policy-invalid',
    };
    const policy = { type: 'sts', strings: [], mxPatterns: [], fault: 'sts-policy-invalid' };
    expect(await routed({ tls: failed })).toMatchObject({
      verified: { ...nowhere('tls-lookup-failed'), counted: { domain: DOMAIN, policy } },
      encrypted: hops({ ...MX, counted: { domain: DOMAIN, policy } }),
    });
  });

  it('neither by agreement nor through a relay for all', async () => {
    const dane: DomainTls = {
      kind: 'enforceable',
      by: 'dane',
      hosts: [{ ...MX, tls: { kind: 'dane', name: MX.host, names: [MX.host], tlsa: [] } }],
    };
    const tenant = { partners: [{ domain: DOMAIN, tlsNames: ['gateway.citizen.example'] }] };
    const relay = [{ domain: '*', host: 'relay.example', port: 25 }];
    const all = [await routed({ tls: dane, routes: relay }), await routed({ tls: dane, tenant })];
    expect(JSON.stringify(all)).not.toContain('counted');
    expect(JSON.stringify(await routed({ tls: dane }))).toContain('counted');
  });
});

describe('the addresses of servers, where a resolver is set,', () => {
  const tls: DomainTls = { kind: 'enforceable', by: 'dane', hosts: [{ ...MX, tls: VERIFIED }] };

  it('are tried one after the other', async () => {
    const { verified } = await routed({ tls, addresses: ['2001:db8::1', '192.0.2.1'] });
    expect(verified).toMatchObject(hops({ ...MX, address: '2001:db8::1' }, { ...MX, address: '192.0.2.1' }));
  });

  it.each([
    ['are tried later where they can not be had', new LookupFailedError(), nowhere('dns-failed')],
    ['are needed', [], nowhere('host-not-found', true)],
  ])('%s', async (_, addresses, verified) => {
    expect(await routed({ tls, addresses })).toMatchObject({ verified });
  });
});

it('the authorities of an own mail server that were replaced count from then on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'routes-test-'));
  const caFile = join(folder, 'ca.pem');
  const authorities = async () => {
    const routedTo = await ownMailServers({ servers: [{ host: 'mail', port: 25, caFile }] });
    return routedTo.kind === 'hops' ? routedTo.hops.map(({ tls }) => tls) : routedTo.failure;
  };
  const [first, another] = await Promise.all(
    ['First', 'Another'].map(async (name) => (await createCertificateAuthority({ name })).certificatePem),
  );
  for (const ca of [first, another, another]) {
    await writeFile(caFile, ca ?? '');
    expect(await authorities()).toEqual([{ kind: 'verified', names: ['mail'], ca, policy: null }]);
  }
  // Node.js would take the second as none, and trust the system's.
  for (const nobody of ['garbage', '']) {
    await writeFile(caFile, nobody);
    expect(await authorities()).toBe('authorities-unreadable');
  }
  await rm(folder, { recursive: true });
  expect(await authorities()).toBe('authorities-unreadable');
});
