// SPDX-License-Identifier: Apache-2.0
import { recipientId } from '@securemail/contracts';
import { issueAuthority, issueCertificate, newPrivateKey, type Certificate } from '@securemail/smime';
import { judgeEntries } from './judged.ts';
import { outlookOf } from './outlook.ts';
import { keyWarnings, type OwnKey } from './own-key.ts';

const DAY = 86_400_000;
const at = new Date();
const inDays = (days: number) => new Date(at.getTime() + days * DAY);
const ANNA = { kind: 'person' as const, name: 'anna@demo.example' };

const [key, own] = await Promise.all([newPrivateKey('p-256'), newPrivateKey('p-256')]);
/** All of one authority: it was renewed with its key. */
const authority = (from: number, to: number) =>
  issueAuthority(key, 'Above', { notBefore: inDays(from), notAfter: inDays(to) });
const [short, next, last, late] = [
  authority(-300, 5),
  authority(-20, 40),
  authority(-10, 900),
  authority(20, 900),
];
const certificate = issueCertificate(
  { key, certificate: short },
  own,
  { commonName: 'Anna', emails: [ANNA.name] },
  { notBefore: inDays(-5), notAfter: inDays(300) },
);

const judged = (authorities: readonly Certificate[]) =>
  judgeEntries([{ ...ANNA, certificate, source: 'folder', chain: [] }], {
    ...ANNA,
    at,
    anchorsFor: () => authorities,
    checks: new Map(),
    choosing: {},
  })[0]!;
const warned = (authorities: readonly Certificate[], more: OwnKey[] = []) => {
  const ownKey: OwnKey = {
    ...ANNA,
    names: [ANNA.name],
    certificate,
    chain: [],
    where: 'file',
    retired: null,
  };
  return keyWarnings([ownKey, ...more], { at, trustAnchors: authorities }).map(({ what }) => what);
};

describe('a certificate is of use no longer than an authority above it', () => {
  it.each<[string, Certificate[], { warning: number | null; ends: number }]>([
    ['that ends soon', [short], { warning: 7, ends: 5 }],
    ['and as long as one that was renewed with its key', [short, last], { warning: null, ends: 300 }],
    ['the order does not matter', [last, short], { warning: null, ends: 300 }],
    ['and as long as the last of several', [next, short], { warning: 60, ends: 40 }],
    ['and not over a gap', [short, late], { warning: 7, ends: 5 }],
  ])('%s', (_, authorities, { warning, ends }) => {
    const { standing, endsAt } = judged(authorities);
    expect(Math.round((endsAt.getTime() - at.getTime()) / DAY)).toBe(ends);
    expect(standing).toMatchObject({
      state: warning === null ? 'valid' : 'expiring',
      warning,
      obstacle: null,
    });
    expect(standing.reason.endsWith('as an authority above it does: CN=Above')).toBe(warning !== null);
    expect(warned(authorities)).toEqual(warning === null ? [] : [`expires within ${warning} days`]);
  });

  it('nor does a key sign longer, unless one of another authority goes on', async () => {
    const another = await newPrivateKey('p-256');
    const long = issueAuthority(another, 'Else', { notBefore: inDays(-1), notAfter: inDays(900) });
    const following = issueCertificate(
      { key: another, certificate: long },
      own,
      { commonName: 'Anna', emails: [ANNA.name] },
      { notBefore: inDays(4), notAfter: inDays(300) },
    );
    const follows: OwnKey = {
      ...{ kind: 'person', names: [ANNA.name], certificate: following, chain: [] },
      ...{ where: 'file', retired: null },
    };
    expect(warned([short, long])).toEqual(['expires within 7 days']);
    expect(warned([short, long], [follows])).toEqual([]);
  });

  it('who asks before sending is warned', () => {
    const warnings = [[short], [short, last]].map((authorities) => {
      const { source, endsAt, envelope } = judged(authorities);
      const personal = { ok: true as const, certificate, source, endsAt, envelope: envelope! };
      return outlookOf(
        { recipientId: recipientId(1), disclosed: true, obstacles: OBSTACLES, envelopes: {} },
        {
          personal,
          organisation: { ok: false, because: 'no-certificate' },
          unsaid: new Set(),
          language: 'en',
          at,
        },
      ).warnings.map(({ warning, text }) => [warning, text]);
    });
    expect(warnings).toEqual([[['certificate-expiring', 'Its certificate ends in 4 days.']], []]);
  });
});

const OBSTACLES = {
  internal: 'not-an-own-domain',
  'smime-personal': null,
  'smime-domain': 'no-certificate',
  tls: 'tls-not-enforceable',
  mailbox: null,
} as const;
