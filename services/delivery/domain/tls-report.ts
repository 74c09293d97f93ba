// SPDX-License-Identifier: Apache-2.0
import type { AppliedPolicy } from '@securemail/tls-policy';
import type { SessionResult } from './tls-session.ts';

/** Sessions of one kind on one day. */
export interface CountedSessions {
  policy: Pick<AppliedPolicy, 'type' | 'strings' | 'mxPatterns'>;
  mxHost: string | null;
  receivingIp: string | null;
  result: SessionResult;
  sessions: number;
}

export interface ReportHead {
  organizationName: string;
  contact: string;
  reportId: string;
  /** The policy domain that it goes to. */
  domain: string;
  /** In UTC, such as `2026-11-28`. */
  day: string;
}

/** The first and the last second of a day, as RFC 8460 §4.4 gives it. */
export const rangeOf = (day: string) => ({ from: `${day}T00:00:00Z`, to: `${day}T23:59:59Z` });

/**
 * The report of a day to a domain (RFC 8460 §4.4): its policies, each with how many sessions went well and which did
 * not. Without `sending-mta-ip`: behind a NAT it says something of our network, and nothing of theirs.
 */
export function tlsReport(
  { organizationName, contact, reportId, domain, day }: ReportHead,
  counted: readonly CountedSessions[],
) {
  const { from, to } = rangeOf(day);
  const byPolicy = Map.groupBy(counted, ({ policy: { type, strings } }) => JSON.stringify([type, strings]));
  return {
    'organization-name': organizationName,
    'date-range': { 'start-datetime': from, 'end-datetime': to },
    'contact-info': contact,
    'report-id': reportId,
    policies: [...byPolicy.values()].flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [underPolicy(domain, first.policy, group)];
    }),
  };
}

function underPolicy(
  domain: string,
  { type, strings, mxPatterns }: CountedSessions['policy'],
  counted: readonly CountedSessions[],
) {
  const failures = counted.filter(({ result }) => result !== 'success');
  const failed = sum(failures);
  return {
    policy: {
      'policy-type': type,
      ...(strings.length === 0 ? {} : { 'policy-string': strings }),
      'policy-domain': domain,
      ...(mxPatterns.length === 0 ? {} : { 'mx-host': mxPatterns }),
    },
    summary: {
      'total-successful-session-count': sum(counted) - failed,
      'total-failure-session-count': failed,
    },
    ...(failures.length === 0 ? {} : { 'failure-details': failures.map(detailOf) }),
  };
}

const detailOf = ({ result, mxHost, receivingIp, sessions }: CountedSessions) => ({
  'result-type': result,
  ...(mxHost === null ? {} : { 'receiving-mx-hostname': mxHost }),
  ...(receivingIp === null ? {} : { 'receiving-ip': receivingIp }),
  'failed-session-count': sessions,
});

const sum = (counted: readonly CountedSessions[]) =>
  counted.reduce((total, { sessions }) => total + sessions, 0);
