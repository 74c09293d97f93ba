// SPDX-License-Identifier: Apache-2.0
import type { AppliedPolicy } from '@securemail/tls-policy';
import { sessionResult, type SessionOutcome } from './tls-session.ts';

const under = (type: AppliedPolicy['type'], fault?: AppliedPolicy['fault']): AppliedPolicy => ({
  type,
  strings: [],
  mxPatterns: [],
  ...(fault === undefined ? {} : { fault }),
});
const open = (objection: string | null = null, encrypted = true): SessionOutcome => ({
  kind: 'open',
  encrypted,
  objection,
});
const failed = (more: Partial<Extract<SessionOutcome, { kind: 'failed' }>>): SessionOutcome => ({
  kind: 'failed',
  declined: false,
  code: null,
  daneFault: null,
  ...more,
});

describe('a session', () => {
  it.each<[string, AppliedPolicy, SessionOutcome, string]>([
    ['in TLS', under('tlsa'), open(), 'success'],
    [
      'in TLS with whoever is there, where there is no policy,',
      under('no-policy-found'),
      open('CERT_HAS_EXPIRED'),
      'success',
    ],
    ['in clear', under('no-policy-found'), open(null, false), 'starttls-not-supported'],
    ['whose STARTTLS was declined', under('sts'), failed({ declined: true }), 'starttls-not-supported'],
    [
      'with a server of another name',
      under('sts'),
      failed({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
      'certificate-host-mismatch',
    ],
    ['with an old certificate', under('sts'), failed({ code: 'CERT_HAS_EXPIRED' }), 'certificate-expired'],
    [
      'with a stranger',
      under('sts'),
      failed({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
      'certificate-not-trusted',
    ],
    [
      'with one that signed itself',
      under('sts'),
      failed({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'certificate-not-trusted',
    ],
    ['whose TLS broke', under('sts'), failed({ code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }), 'validation-failure'],
    ['under a policy that is tried out', under('sts'), open('CERT_HAS_EXPIRED'), 'certificate-expired'],
    [
      'that no TLSA record describes',
      under('tlsa'),
      failed({ daneFault: 'not-described' }),
      'validation-failure',
    ],
    [
      'under a TLSA authority with another name',
      under('tlsa'),
      failed({ daneFault: 'other-name' }),
      'certificate-host-mismatch',
    ],
    [
      'under a TLSA authority and old',
      under('tlsa'),
      failed({ daneFault: 'expired' }),
      'certificate-expired',
    ],
    [
      'under a TLSA authority without a path',
      under('tlsa'),
      failed({ daneFault: 'no-path' }),
      'certificate-not-trusted',
    ],
    ['under TLSA records of no use', under('tlsa', 'tlsa-invalid'), open(), 'tlsa-invalid'],
    [
      'under a policy that can not be had',
      under('sts', 'sts-policy-fetch-error'),
      open(),
      'sts-policy-fetch-error',
    ],
  ])('%s', (_, policy, outcome, expected) => {
    expect(sessionResult(policy, outcome)).toBe(expected);
  });
});
