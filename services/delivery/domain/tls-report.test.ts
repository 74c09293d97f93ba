// SPDX-License-Identifier: Apache-2.0
import { tlsReport, type CountedSessions } from './tls-report.ts';

const HEAD = {
  organizationName: 'Demo',
  contact: 'tls@demo.example',
  reportId: '5065427c',
  domain: 'partner.example',
  day: '2026-03-01',
};
const counted = (
  policy: Partial<CountedSessions['policy']>,
  more: Partial<Omit<CountedSessions, 'policy'>>,
): CountedSessions => ({
  policy: { type: 'no-policy-found', strings: [], mxPatterns: [], ...policy },
  mxHost: 'mx.partner.example',
  receivingIp: '192.0.2.1',
  result: 'success',
  sessions: 1,
  ...more,
});
const summary = (successful: number, failed: number) => ({
  'total-successful-session-count': successful,
  'total-failure-session-count': failed,
});

it('a report adds up the sessions under each policy, and tells which failed', () => {
  const tlsa = { type: 'tlsa' as const, strings: ['3 1 1 07'] };
  const { policies, ...head } = tlsReport(HEAD, [
    counted(tlsa, { sessions: 5 }),
    counted(tlsa, { sessions: 2, receivingIp: '192.0.2.2' }),
    counted(tlsa, { sessions: 3, result: 'certificate-expired' }),
    counted({}, { sessions: 4 }),
  ]);
  expect(head).toEqual({
    'organization-name': 'Demo',
    'date-range': { 'start-datetime': '2026-03-01T00:00:00Z', 'end-datetime': '2026-03-01T23:59:59Z' },
    'contact-info': 'tls@demo.example',
    'report-id': '5065427c',
  });
  expect(policies).toEqual([
    {
      policy: { 'policy-type': 'tlsa', 'policy-string': ['3 1 1 07'], 'policy-domain': 'partner.example' },
      summary: summary(7, 3),
      'failure-details': [
        {
          'result-type': 'certificate-expired',
          'receiving-mx-hostname': 'mx.partner.example',
          'receiving-ip': '192.0.2.1',
          'failed-session-count': 3,
        },
      ],
    },
    {
      policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'partner.example' },
      summary: summary(4, 0),
    },
  ]);
});

it('a policy that could not be had leads to no server', () => {
  const nowhere = { mxHost: null, receivingIp: null, result: 'sts-policy-fetch-error' as const };
  const { policies } = tlsReport(HEAD, [counted({ type: 'sts' }, nowhere)]);
  expect(policies).toEqual([
    {
      policy: { 'policy-type': 'sts', 'policy-domain': 'partner.example' },
      summary: summary(0, 1),
      'failure-details': [{ 'result-type': 'sts-policy-fetch-error', 'failed-session-count': 1 }],
    },
  ]);
});
