// SPDX-License-Identifier: Apache-2.0
import { standingOf, type StateFacts } from './certificate-state.ts';

const at = new Date('2026-06-01T12:00:00Z');
const DAY = 24 * 60 * 60 * 1_000;
const inDays = (days: number) => new Date(at.getTime() + days * DAY);
const facts = (different: Partial<StateFacts>): StateFacts => ({
  endsAt: inDays(365),
  endsWith: null,
  fault: null,
  check: null,
  conflicting: false,
  ...different,
});
const fault = (because: NonNullable<StateFacts['fault']>['because']) => ({
  fault: { because, detail: 'as the judge says' },
});
const asked = (status: 'good' | 'revoked' | 'unknown') => ({
  check: { status, detail: 'as the issuer says', checkedAt: at },
});

describe('the state of an entry', () => {
  it.each<
    [string, Partial<StateFacts>, ReturnType<typeof standingOf>['state'], number | null, string | null]
  >([
    ['holds for long', {}, 'valid', null, null],
    ['was asked about and is good', asked('good'), 'valid', null, null],
    ['was asked about in vain', asked('unknown'), 'valid', null, null],
    ['ends in 61 days', { endsAt: inDays(61) }, 'valid', null, null],
    ['ends in 60 days', { endsAt: inDays(60) }, 'expiring', 60, null],
    ['ends in 31 days', { endsAt: inDays(31) }, 'expiring', 60, null],
    ['ends in 30 days', { endsAt: inDays(30) }, 'expiring', 30, null],
    ['ends in 7 days', { endsAt: inDays(7) }, 'expiring', 7, null],
    ['ends in an hour', { endsAt: new Date(at.getTime() + 3_600_000) }, 'expiring', 7, null],
    ['has expired', fault('certificate-expired'), 'expired', null, 'certificate-expired'],
    [
      'is not valid yet',
      fault('certificate-not-yet-valid'),
      'not-yet-valid',
      null,
      'certificate-not-yet-valid',
    ],
    ['is of nobody trusted', fault('certificate-untrusted'), 'untrusted', null, 'certificate-untrusted'],
    ['does not suit', fault('certificate-unsuitable'), 'unsuitable', null, 'certificate-unsuitable'],
    ['was revoked', asked('revoked'), 'revoked', null, 'certificate-revoked'],
    [
      'was revoked and has expired',
      { ...asked('revoked'), ...fault('certificate-expired') },
      'revoked',
      null,
      'certificate-revoked',
    ],
    ['conflicts', { conflicting: true }, 'conflicting', null, 'certificate-conflicting'],
    [
      'conflicts and ends soon',
      { conflicting: true, endsAt: inDays(3) },
      'conflicting',
      7,
      'certificate-conflicting',
    ],
  ])('that %s', (_, different, state, warning, obstacle) => {
    expect(standingOf(facts(different), at)).toMatchObject({ state, warning, obstacle });
  });

  it.each([
    [facts({}), 'it holds until 2027-06-01'],
    [facts({ endsAt: inDays(12) }), 'it expires in 12 days, on 2026-06-13'],
    [facts({ endsAt: inDays(1) }), 'it expires in 1 day, on 2026-06-02'],
    [facts({ endsAt: inDays(0.5) }), 'it expires today or tomorrow, on 2026-06-02'],
    [facts({ endsWith: 'CN=Above' }), 'it holds until 2027-06-01, as an authority above it does: CN=Above'],
    [
      facts({ endsAt: inDays(12), endsWith: 'CN=Above' }),
      'it expires in 12 days, on 2026-06-13, as an authority above it does: CN=Above',
    ],
    [facts(fault('certificate-untrusted')), 'as the judge says'],
    [facts(asked('revoked')), 'as the issuer says (asked on 2026-06-01)'],
  ])('comes with a reason in words', (given, reason) => {
    expect(standingOf(given, at).reason).toBe(reason);
  });
});
