// SPDX-License-Identifier: Apache-2.0
import { Address } from './address.ts';
import type { Authentication } from './arrival.ts';
import { authenticationResults } from './authentication-results.ts';

const PASSED: Authentication = {
  spf: 'pass',
  dkim: ['pass', 'fail'],
  dmarc: { result: 'pass', policy: 'reject' },
  arc: 'none',
};
const NAMES = {
  client: '192.0.2.1',
  clientName: 'mx.citizen.example',
  mailFrom: Address.parse('bo@citizen.example'),
  spfDomain: 'citizen.example',
  dkimDomains: ['citizen.example', 'list.example'],
  dmarcDomain: 'citizen.example',
};

it('tells each method, its result, and what it is about', () => {
  expect(authenticationResults({ authentication: PASSED }, NAMES, 'gateway.example')).toBe(
    'gateway.example; spf=pass smtp.mailfrom=citizen.example; dkim=pass header.d=citizen.example; ' +
      'dkim=fail header.d=list.example; dmarc=pass (p=reject) header.from=citizen.example; arc=none',
  );
});

it('tells that there is nothing to go by', () => {
  const authentication: Authentication = {
    spf: 'none',
    dkim: [],
    dmarc: { result: 'none', policy: null },
    arc: 'none',
  };
  const names = { ...NAMES, mailFrom: null, spfDomain: null, dkimDomains: [], dmarcDomain: null };
  expect(authenticationResults({ authentication }, names, 'gateway.example')).toBe(
    'gateway.example; spf=none; dkim=none; dmarc=none; arc=none',
  );
});

it('names who called itself so where there is no sender', () => {
  const names = { ...NAMES, mailFrom: null, spfDomain: 'mx.citizen.example' };
  expect(authenticationResults({ authentication: PASSED }, names, 'g')).toContain(
    'spf=pass smtp.helo=mx.citizen.example;',
  );
});

it.each(['a; dkim=pass', 'a\r\nX: y', 'a b', '"a"', 'a(b)', '', '-a', `${'a'.repeat(300)}.example`])(
  'lets nobody write a result of his own: %j',
  (domain) => {
    const names = { ...NAMES, spfDomain: domain, dkimDomains: [domain, domain], dmarcDomain: domain };
    expect(authenticationResults({ authentication: PASSED }, names, 'g')).toBe(
      'g; spf=pass; dkim=pass; dkim=fail; dmarc=pass (p=reject); arc=none',
    );
  },
);
