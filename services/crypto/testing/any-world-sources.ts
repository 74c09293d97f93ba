// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Address, TenantId } from '@securemail/contracts';
import type { Pool } from '@securemail/event-store';
import { evolve, judge, NOTHING_SET, type Tree } from '@securemail/policy';
import { baseOf, personOf, RULEBOOK, Tenant, type Policy } from '@securemail/service';
import { loadPkcs12, readCertificates, softwareSigner, type Certificate } from '@securemail/smime';
import {
  DANE_EE,
  LookupFailedError,
  stsPolicies,
  tlsPolicies,
  type Answer,
  type RecordType,
  type Resolver,
  type StsPolicy,
  type Tlsa,
} from '@securemail/tls-policy';
import { createCertificateAuthority, expired } from '@securemail/testing';
import type { FactSources } from '../adapters/gathered-facts.ts';
import { smimeaNameOf } from '../adapters/smimea-name.ts';
import { smimeaRecords } from '../adapters/smimea-records.ts';
import { directoryOf, type Directory } from '../domain/directory.ts';
import { OUTSIDE, OWN, PARTNER, RELAY, ROUTE, type AnyWorld, type Forbidden } from './any-world.ts';

export interface AnyCast {
  /** Of the folder: with keys that sign, and without. */
  folder: { keys: Directory; keyless: Directory };
  /** Kim's, by an authority that is trusted, and by one that is not. */
  kim: { valid: Certificate; untrusted: Certificate };
}

export async function anyCast(): Promise<AnyCast> {
  const [trusted, stranger] = await Promise.all([
    createCertificateAuthority({ name: 'Trusted' }),
    createCertificateAuthority({ name: 'Stranger' }),
  ]);
  const read = (pem: string): Certificate => readCertificates(Buffer.from(pem))[0]!;
  const person = async (name: string, more: object = {}, by = trusted) =>
    read((await by.issuePerson({ email: `${name}@citizen.example`, name, ...more })).certificatePem);
  const hospital = await trusted.issueOrganisation({ domain: 'hospital.example', name: 'Hospital' });
  const lapsed = await trusted.issueOrganisation({ domain: PARTNER, name: 'Lapsed', validity: expired() });
  const anna = await trusted.issuePerson({ email: `anna@${OWN}`, name: 'anna' });
  const demo = await trusted.issueOrganisation({ domain: OWN, name: 'Demo' });
  const contents = {
    authorities: readCertificates(Buffer.from(trusted.certificatePem)),
    people: [
      await person('bo'),
      await person('eve', { validity: expired() }),
      await person('sam', {}, stranger),
    ],
    organisations: new Map([
      ['hospital.example', [read(hospital.certificatePem)]],
      [PARTNER, [read(lapsed.certificatePem)]],
    ]),
  };
  const signer = (pkcs12: Buffer) => softwareSigner(loadPkcs12(pkcs12, ''));
  return {
    folder: {
      keys: directoryOf({
        ...contents,
        signersOfPeople: [signer(anna.pkcs12(''))],
        signersOfOrganisations: new Map([[OWN, [signer(demo.pkcs12(''))]]]),
      }),
      keyless: directoryOf({ ...contents, signersOfPeople: [], signersOfOrganisations: new Map() }),
    },
    kim: { valid: await person('kim'), untrusted: await person('kim', {}, stranger) },
  };
}

const KIM = Address.parse('kim@citizen.example');
const SMIMEA_OF_KIM = smimeaNameOf(KIM);
const DEMO = TenantId.parse('demo');

/** Everything that production asks, as that world has it. */
export function sourcesIn(world: AnyWorld, cast: AnyCast): FactSources {
  const tenant = tenantIn(world);
  const resolver = resolverIn(world, cast);
  const sts = stsPolicies({ resolver, fetch: (domain) => fetchedIn(world, domain), limit: 10 });
  const routes = [
    ...(world.relay === 'no-route' ? [] : [{ domain: '*', host: RELAY, port: 25 }]),
    ...(world.route === 'no-route' ? [] : [{ domain: PARTNER, host: ROUTE, port: 25 }]),
  ];
  return {
    platform: {
      pool: poolIn(world, cast),
      tenants: new Map([[tenant.id, tenant]]),
      policies: policiesIn(world, tenant),
    },
    directory: world.keys ? cast.folder.keys : cast.folder.keyless,
    ldap: ldapIn(world, cast),
    smimea: smimeaRecords(resolver, { use: true, cacheSeconds: 3_600, notFoundSeconds: 300 }),
    policies: tlsPolicies({ resolver, sts, routes }),
    progressed: () => undefined,
  };
}

function tenantIn({ domains, forbidden }: AnyWorld): Tenant {
  return Tenant.parse({
    id: DEMO,
    name: 'Demo',
    domains: [OWN],
    mailServers: [{ host: 'mail.demo.example' }],
    partners: OUTSIDE.filter((domain) => domains[domain].pinned).map((domain) => ({
      domain,
      tlsNames: [`agreed.${domain}`],
    })),
    ...set(forbidden.file),
  });
}

const set = (forbiddenMethods: Forbidden): Tree =>
  forbiddenMethods === null ? {} : { forbiddenMethods: [...forbiddenMethods] };

/** As `openPolicies` works them out. */
function policiesIn({ forbidden: { tenant, domain, person }, sender }: AnyWorld, of: Tenant) {
  const scope = personOf(Address.parse(sender));
  const state = evolve(NOTHING_SET, [
    {
      version: 1,
      at: new Date(),
      by: 'Ida',
      keyId: null,
      reason: 'tried',
      patches: {
        tenant: set(tenant),
        [`domains/${OWN}`]: set(domain),
        [`people/${sender.toLowerCase()}`]: set(person),
      },
    },
  ]);
  const judged = judge(RULEBOOK, scope, baseOf(of), state);
  if (!judged.ok) throw new Error(judged.faults.map(({ message }) => message).join('; '));
  return { of: (): Policy => judged.policy, refresh: nothing, close: nothing };
}
const nothing = () => Promise.resolve();

/** The database, which knows Kim alone. */
function poolIn({ stored }: AnyWorld, { kim }: AnyCast): Pool {
  const row = {
    kind: 'person',
    name: KIM,
    sha256: kim.valid.sha256,
    der: kim.valid.der,
    chain: [],
    source: 'uploaded',
    addedAt: new Date(),
    addedBy: 'Ida',
    reason: 'tried',
    status: stored === 'revoked' ? 'revoked' : null,
    detail: '',
    checkedAt: new Date(),
  };
  const query = ({ values }: { values: [string, string[], string[], string[]] }) => {
    if (stored === 'failing') return Promise.reject(new Error('the database is away'));
    const [, , names, others] = values;
    const has = (stored === 'valid' || stored === 'revoked') && names.includes(KIM);
    const check = stored === 'revoked' && others.includes(row.sha256) ? [{ ...row, kind: null }] : [];
    return Promise.resolve({ rows: [...(has ? [row] : []), ...check] });
  };
  return { query } as unknown as Pool;
}

function ldapIn({ ldap }: AnyWorld, { kim }: AnyCast): FactSources['ldap'] {
  if (ldap === 'not-there') return null;
  const found = ldap === 'valid' || ldap === 'untrusted' ? [kim[ldap]] : [];
  return {
    lookUp: (addresses) =>
      ldap === 'broken'
        ? Promise.reject(new Error('nobody foresaw this'))
        : Promise.resolve(
            new Map(
              addresses.map((address) => [
                address,
                { certificates: address === KIM ? found : [], failed: ldap === 'failing' },
              ]),
            ),
          ),
  };
}

function fetchedIn({ domains }: AnyWorld, domain: string): Promise<StsPolicy> {
  const { sts } = domains[domain as keyof AnyWorld['domains']];
  if (sts === 'unfetched') return Promise.reject(new Error('the policy host is away'));
  const mx = sts === 'for-the-relay' ? RELAY : sts === 'for-others' ? 'mx.else.example' : `mx.${domain}`;
  return Promise.resolve({
    mode: sts === 'tried-out' ? 'testing' : 'enforce',
    mx: [mx],
    maxAgeSeconds: 86_400,
  });
}

const NO_SUCH = { records: [], secure: false, exists: false };
const record = (of: Buffer): Tlsa => ({ usage: DANE_EE, selector: 1, matchingType: 1, data: of });
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest();

/** DNS, in which zones are signed or not, records are there or not, and each question may fail. */
function resolverIn(world: AnyWorld, { kim }: AnyCast): Resolver {
  const tlsaOf = (kind: AnyWorld['relay'], secure: boolean) => {
    if (kind === 'failing') throw new LookupFailedError('tried');
    const usable = kind === 'usable' || kind === 'unsigned';
    const records = usable
      ? [record(sha256(Buffer.from('a key')))]
      : kind === 'unusable'
        ? [{ ...record(Buffer.alloc(32)), usage: 0 }]
        : [];
    return { records, secure: secure && kind !== 'unsigned', exists: records.length > 0 };
  };
  const smimea = () => {
    const key = kim.untrusted.x509.publicKey.export({ type: 'spki', format: 'der' });
    if (world.smimea === 'failing') throw new LookupFailedError('tried');
    if (world.smimea === 'nothing') return { ...NO_SUCH, secure: true };
    const records = [record(world.smimea === 'another' ? Buffer.alloc(32, 7) : sha256(key))];
    return { records, secure: world.smimea !== 'unsigned', exists: true };
  };
  const mxOf = (domain: keyof AnyWorld['domains']) => {
    const { mx } = world.domains[domain];
    if (mx === 'failing') throw new LookupFailedError('tried');
    const exchange = mx === 'null' ? '.' : `mx.${domain}`;
    return mx === 'missing'
      ? { ...NO_SUCH, secure: true }
      : { records: [{ exchange, preference: 10 }], secure: mx !== 'unsigned', exists: true };
  };
  const find = (name: string, type: RecordType): Omit<Answer<RecordType>, 'canonicalName' | 'ttlSeconds'> => {
    const domain = OUTSIDE.find((each) => name === each || name.endsWith(`.${each}`));
    if (type === 'SMIMEA') return name === SMIMEA_OF_KIM ? smimea() : { ...NO_SUCH, secure: true };
    if (type === 'MX') return domain === name ? mxOf(domain) : NO_SUCH;
    if (type === 'TLSA' && name.endsWith(RELAY)) return tlsaOf(world.relay, true);
    if (type === 'TLSA' && name.endsWith(ROUTE)) return tlsaOf(world.route, true);
    if (type === 'TLSA' && domain !== undefined)
      return tlsaOf(world.domains[domain].tlsa, world.domains[domain].mx !== 'unsigned');
    if (type === 'A')
      return {
        records: ['192.0.2.1'],
        secure: domain === undefined || world.domains[domain].mx !== 'unsigned',
        exists: true,
      };
    if (type === 'TXT' && domain !== undefined) {
      if (world.domains[domain].sts === 'failing') throw new LookupFailedError('tried');
      return world.domains[domain].sts === 'none'
        ? NO_SUCH
        : { records: ['v=STSv1; id=1;'], secure: false, exists: true };
    }
    return NO_SUCH;
  };
  return {
    validating: world.validating,
    query: async (name, type) => {
      const found = find(name, type);
      const answer = {
        ...found,
        secure: found.secure && world.validating,
        canonicalName: name,
        ttlSeconds: 60,
      };
      return (await Promise.resolve(answer)) as Answer<typeof type>;
    },
  };
}
