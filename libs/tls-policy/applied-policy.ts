// SPDX-License-Identifier: Apache-2.0
import { validateMx } from 'mailauth/lib/mta-sts.js';
import type { Tlsa } from './dane/tlsa.ts';
import type { StsPolicy } from './mta-sts/fetch-policy.ts';
import type { StsFault } from './mta-sts/sts-fault.ts';
import type { DomainTls, HostOfDomain, RequiredTls } from './tls-policies.ts';

/** What is wrong with a policy itself, in the words of RFC 8460 §4.3; whatever goes there fails by it. */
export type PolicyFault = StsFault | 'tlsa-invalid' | 'dnssec-invalid' | 'validation-failure';

/** The policy by which a session is judged, as RFC 8460 §4.4 writes it. */
export interface AppliedPolicy {
  type: 'tlsa' | 'sts' | 'no-policy-found';
  /** The lines of the MTA-STS policy, or the TLSA records (RFC 6698 §2.2). */
  strings: readonly string[];
  /** The patterns of an MTA-STS policy. */
  mxPatterns: readonly string[];
  fault?: PolicyFault;
}

const NO_POLICY: AppliedPolicy = { type: 'no-policy-found', strings: [], mxPatterns: [] };

/**
 * The policy that counts at a server of a domain, or at none where nothing may go there; null where nothing is to be
 * reported: by agreement, or because nobody knows whether there is one.
 */
export function appliedPolicy(
  tls: DomainTls,
  host: (HostOfDomain & { tls?: RequiredTls }) | null,
): AppliedPolicy | null {
  switch (tls.kind) {
    case 'no-mail':
      return null;
    case 'enforceable':
      if (host?.tls?.kind === 'dane') return tlsaPolicy(host.tls.tlsa);
      return tls.sts === undefined ? null : stsPolicy(tls.sts.policy);
    case 'not-enforceable':
      return whereNothingIsEnforced(tls, host);
    case 'lookup-failed':
      if (tls.what === 'mta-sts')
        return tls.fault === undefined ? null : { ...stsPolicy(null), fault: tls.fault };
      if (tls.what === 'mx') return null;
      return host === null ? { ...tlsaPolicy([]), fault: 'dnssec-invalid' } : NO_POLICY;
    default:
      return tls satisfies never;
  }
}

function whereNothingIsEnforced(
  { because, sts, fault }: Extract<DomainTls, { kind: 'not-enforceable' }>,
  host: HostOfDomain | null,
): AppliedPolicy | null {
  switch (because) {
    case 'no-policy':
      return fault === undefined ? NO_POLICY : { ...stsPolicy(null), fault };
    case 'tlsa-unusable':
      return host === null || host.mustEncrypt === true
        ? { ...tlsaPolicy([]), fault: 'tlsa-invalid' }
        : NO_POLICY;
    case 'policy-testing':
    case 'no-host-in-policy': {
      if (sts === undefined) return null;
      const { policy } = sts;
      if (host === null && because === 'policy-testing') return stsPolicy(policy);
      const named = host !== null && validateMx(host.host, { mode: policy.mode, mx: [...policy.mx] }).valid;
      return named ? stsPolicy(policy) : { ...stsPolicy(policy), fault: 'validation-failure' };
    }
    default:
      return because satisfies never;
  }
}

/** What a domain may have us keep of its policy. */
const MAX_STRINGS = 100;

const stsPolicy = (policy: StsPolicy | null): AppliedPolicy => {
  if (policy === null) return { type: 'sts', strings: [], mxPatterns: [] };
  const { mode, maxAgeSeconds } = policy;
  const mxPatterns = policy.mx.slice(0, MAX_STRINGS);
  const mx = mxPatterns.map((pattern) => `mx: ${pattern}`);
  const strings = ['version: STSv1', `mode: ${mode}`, ...mx, `max_age: ${maxAgeSeconds}`];
  return { type: 'sts', strings, mxPatterns };
};

const tlsaPolicy = (records: readonly Tlsa[]): AppliedPolicy => ({
  type: 'tlsa',
  // In one order, however DNS turns them, so that one policy stays one.
  strings: records.slice(0, MAX_STRINGS).map(textOf).toSorted(),
  mxPatterns: [],
});

const textOf = ({ usage, selector, matchingType, data }: Tlsa): string =>
  `${usage} ${selector} ${matchingType} ${data.toString('hex')}`;
