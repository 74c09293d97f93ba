// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, type X509Certificate } from 'node:crypto';
import type { Certificate } from '@securemail/smime';
import { conflictsAmong } from './conflicts.ts';
import type { EntryKind } from './entry.ts';

const key = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
const [ONE_KEY, ANOTHER_KEY] = [key(), key()];

/** As far as conflicts go. */
const certificate = (different: {
  by?: string;
  to?: string;
  from?: number;
  until?: number;
  key?: typeof ONE_KEY;
}): Certificate =>
  ({
    issuer: Buffer.from(different.by ?? 'Authority'),
    subject: Buffer.from(different.to ?? 'Hospital'),
    notBefore: new Date(different.from ?? 0),
    notAfter: new Date(different.until ?? 100),
    x509: { publicKey: different.key ?? ONE_KEY } as X509Certificate,
  }) as Certificate;

const first = certificate({});
const other = { key: ANOTHER_KEY };

describe('two certificates for one name', () => {
  it.each<[EntryKind, string, Certificate, boolean]>([
    ['person', 'of the same authority', certificate(other), false],
    ['person', 'of different authorities', certificate({ ...other, by: 'Else' }), true],
    [
      'person',
      'of different authorities, the one later than the other',
      certificate({ ...other, by: 'Else', from: 1, until: 101 }),
      true,
    ],
    ['person', 'of different authorities for the same key', certificate({ by: 'Else' }), false],
    ['organisation', 'at the same time', certificate(other), true],
    ['organisation', 'of which one follows', certificate({ ...other, from: 1, until: 101 }), false],
    [
      'organisation',
      'of which one follows, from another authority',
      certificate({ ...other, by: 'Else', from: 1, until: 101 }),
      false,
    ],
    [
      'organisation',
      'of which one begins later and ends sooner',
      certificate({ ...other, from: 1, until: 99 }),
      true,
    ],
    [
      'organisation',
      'of which one follows under another subject',
      certificate({ ...other, to: 'Ward', from: 1, until: 101 }),
      true,
    ],
    ['organisation', 'for the same key', certificate({ to: 'Ward' }), false],
  ])('of a %s, %s', (kind, _, second, conflicting) => {
    expect(conflictsAmong(kind, [first, second])).toEqual(new Set(conflicting ? [first, second] : []));
    expect(conflictsAmong(kind, [second, first])).toEqual(new Set(conflicting ? [first, second] : []));
  });

  it('one alone conflicts with nobody, and of three the one that fits neither makes all conflict', () => {
    expect(conflictsAmong('person', [first])).toEqual(new Set());
    const [renewed, strange] = [certificate(other), certificate({ by: 'Else', key: key() })];
    expect(conflictsAmong('person', [first, renewed, strange])).toEqual(new Set([first, renewed, strange]));
  });
});
