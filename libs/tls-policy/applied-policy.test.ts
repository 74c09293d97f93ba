// SPDX-License-Identifier: Apache-2.0
import { appliedPolicy } from './applied-policy.ts';
import { stsFaultOf } from './mta-sts/sts-fault.ts';
import type { DomainTls, HostOfDomain, RequiredTls } from './tls-policies.ts';

const MX = { host: 'mx.partner.example', port: 25 };
const OTHER = { host: 'mx.else.example', port: 25 };
const tlsa = [
  { usage: 3, selector: 1, matchingType: 1, data: Buffer.from([7, 8]) },
  { usage: 2, selector: 0, matchingType: 1, data: Buffer.from([1]) },
];
const DANE = { ...MX, tls: { kind: 'dane' as const, name: MX.host, names: [MX.host], tlsa } };
const VERIFIED = { ...MX, tls: { kind: 'verified' as const, names: [MX.host] } };
const sts = (mode: 'enforce' | 'testing') => ({ policy: { mode, mx: [MX.host], maxAgeSeconds: 600 } });
const stsText = (mode: string) => ({
  type: 'sts',
  strings: ['version: STSv1', `mode: ${mode}`, 'mx: mx.partner.example', 'max_age: 600'],
  mxPatterns: [MX.host],
});
const NONE = { type: 'no-policy-found', strings: [], mxPatterns: [] };
const UNKNOWN = { strings: [], mxPatterns: [] };
const not = (because: Extract<DomainTls, { kind: 'not-enforceable' }>['because'], more: object = {}) => ({
  kind: 'not-enforceable' as const,
  because,
  hosts: [],
  ...more,
});
const failed = (what: 'mx' | 'tlsa' | 'mta-sts', more: object = {}) => ({
  kind: 'lookup-failed' as const,
  what,
  hosts: [],
  ...more,
});

it.each<[string, DomainTls, (HostOfDomain & { tls?: RequiredTls }) | null, object | null]>([
  [
    'DANE: its records, in one order',
    { kind: 'enforceable', by: 'dane', hosts: [DANE] },
    DANE,
    { type: 'tlsa', strings: ['2 0 1 01', '3 1 1 0708'], mxPatterns: [] },
  ],
  [
    'MTA-STS: its lines',
    { kind: 'enforceable', by: 'mta-sts', hosts: [VERIFIED], sts: sts('enforce') },
    VERIFIED,
    stsText('enforce'),
  ],
  ['an agreement: nothing', { kind: 'enforceable', by: 'pinned', hosts: [VERIFIED] }, VERIFIED, null],
  ['no policy', not('no-policy'), MX, NONE],
  [
    'an MTA-STS policy that counts as none: what is wrong with it',
    not('no-policy', { fault: 'sts-policy-invalid' }),
    MX,
    { ...UNKNOWN, type: 'sts', fault: 'sts-policy-invalid' },
  ],
  ['one that is tried out', not('policy-testing', { sts: sts('testing') }), MX, stsText('testing')],
  [
    'one that is tried out, at a server that it does not name',
    not('policy-testing', { sts: sts('testing') }),
    OTHER,
    { ...stsText('testing'), fault: 'validation-failure' },
  ],
  [
    'one that names none of the servers',
    not('no-host-in-policy', { sts: sts('enforce') }),
    null,
    { ...stsText('enforce'), fault: 'validation-failure' },
  ],
  [
    'TLSA records of no use',
    not('tlsa-unusable'),
    { ...MX, mustEncrypt: true },
    { ...UNKNOWN, type: 'tlsa', fault: 'tlsa-invalid' },
  ],
  ['a server without them, beside', not('tlsa-unusable'), MX, NONE],
  [
    'TLSA records that nobody can say',
    failed('tlsa'),
    null,
    { ...UNKNOWN, type: 'tlsa', fault: 'dnssec-invalid' },
  ],
  [
    'a policy that can not be had',
    failed('mta-sts', { fault: 'sts-webpki-invalid' }),
    MX,
    { ...UNKNOWN, type: 'sts', fault: 'sts-webpki-invalid' },
  ],
  ['a policy of which nobody knows whether it is there', failed('mta-sts'), MX, null],
  ['MX records that nobody can say', failed('mx'), null, null],
  ['a domain without mail', { kind: 'no-mail', because: 'null-mx' }, null, null],
])('%s', (_, tls, host, expected) => {
  expect(appliedPolicy(tls, host)).toEqual(expected);
});

it.each([
  [{ code: 'invalid_sts_mode' }, 'sts-policy-invalid'],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'sts-webpki-invalid'],
  [{ code: 'CERT_HAS_EXPIRED' }, 'sts-webpki-invalid'],
  [{ code: 'ECONNREFUSED' }, 'sts-policy-fetch-error'],
  [{}, 'sts-policy-fetch-error'],
])('an error with %j is %s', (more, fault) => {
  expect(stsFaultOf(Object.assign(new Error('no policy'), more))).toBe(fault);
});
