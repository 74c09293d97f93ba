// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
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
import type { FactSources } from '../adapters/gathered-facts.ts';
import { smimeaNameOf } from '../adapters/smimea-name.ts';
import { smimeaRecords } from '../adapters/smimea-records.ts';
import { KIM, type AnyCast } from './any-cast.ts';
import { OUTSIDE, PARTNER, RELAY, ROUTE, type AnyOutside } from './any-world.ts';

const SMIMEA_OF_KIM = smimeaNameOf(KIM);

/** DNS and policy hosts, asked as production asks them, and what they said remembered. */
export function outsideOf(outside: AnyOutside, cast: AnyCast): Pick<FactSources, 'smimea' | 'policies'> {
  const resolver = resolverIn(outside, cast);
  const sts = stsPolicies({ resolver, fetch: (domain) => fetchedIn(outside, domain), limit: 10 });
  const routes = [
    ...(outside.relay === 'no-route' ? [] : [{ domain: '*', host: RELAY, port: 25 }]),
    ...(outside.route === 'no-route' ? [] : [{ domain: PARTNER, host: ROUTE, port: 25 }]),
  ];
  return {
    smimea: smimeaRecords(resolver, { use: true, cacheSeconds: 3_600, notFoundSeconds: 300 }),
    policies: tlsPolicies({ resolver, sts, routes }),
  };
}

function fetchedIn({ domains }: AnyOutside, domain: string): Promise<StsPolicy> {
  const { sts } = domains[domain as keyof AnyOutside['domains']];
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
function resolverIn(world: AnyOutside, { kim }: AnyCast): Resolver {
  const tlsaOf = (kind: AnyOutside['relay'], secure: boolean) => {
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
  const mxOf = (domain: keyof AnyOutside['domains']) => {
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
