// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readCertificates, type Certificate } from '@securemail/smime';
import { createCertificateAuthority, expired, notYetValid, type Issued } from '@securemail/testing';
import type { Tlsa } from '@securemail/tls-policy';
import { issueBelow } from '../testing/openssl.ts';
import type { Entry, Source } from './entry.ts';
import { borneOutBy } from './judge-smimea.ts';
import { chosenOf, judgeEntries } from './judged.ts';
import { associationsIn } from './smimea.ts';

const ADDRESS = 'bo@citizen.example';
const only = (pem: string): Certificate => readCertificates(Buffer.from(pem))[0]!;
const from = ({ certificatePem }: Pick<Issued, 'certificatePem'>) => only(certificatePem);

const [trusted, stranger, third] = await Promise.all(
  ['Trusted', 'Stranger', 'Third'].map((name) => createCertificateAuthority({ name })),
);
const person = (more: object = {}, by = stranger) =>
  by!.issuePerson({ email: ADDRESS, name: 'Bo', ...more }).then(from);
const THEIRS = await person();
const OURS = await person({}, trusted);
const OTHER = await person({}, third);
const ELSE = await person({ email: 'eve@citizen.example' });
const ELSE_OURS = await person({ email: 'eve@citizen.example' }, trusted);
const OLD = await person({ validity: expired() });
const EARLY = await person({ validity: notYetValid() });
const SIGNS = await person({ keyUsage: ['digitalSignature'] });
const [TRUSTED, STRANGER, THIRD] = [trusted, stranger, third].map((each) => from(each!));
const below = await issueBelow(ADDRESS);
const [ROOT, BETWEEN, BELOW] = [below.rootPem, below.betweenPem, below.person.certificatePem].map(only);

const at = new Date();
const keyOf = ({ x509 }: Certificate) => x509.publicKey.export({ type: 'spki', format: 'der' });
const digest = (name: string, data: Buffer) => createHash(name).update(data).digest();
const rdata = (selector: number, matchingType: number, of: Certificate) => {
  const data = selector === 0 ? of.der : keyOf(of);
  return matchingType === 0 ? data : digest(matchingType === 1 ? 'sha256' : 'sha512', data);
};
const record = (usage: number, selector: number, matchingType: number, of: Certificate): Tlsa => ({
  usage,
  selector,
  matchingType,
  data: rdata(selector, matchingType, of),
});
const question = { at, purpose: 'encrypt' as const, address: ADDRESS, trustAnchors: [TRUSTED!] };
const judge = (certificate: Certificate, records: Tlsa[], more: object = {}) =>
  borneOutBy(certificate, associationsIn(records), { ...question, ...more });

const EVERY_FORM = [0, 1].flatMap((selector) => [0, 1, 2].map((type) => [selector, type] as const));

describe.each(EVERY_FORM)('a record with selector %i and matching type %i', (selector, type) => {
  it.each<[string, number, Certificate, Certificate, number | null]>([
    ['usage 3 bears out the certificate it describes, whoever issued it', 3, THEIRS, THEIRS, 3],
    ['usage 3 and no other', 3, OTHER, THEIRS, null],
    ['usage 1 bears out what is trusted anyway', 1, OURS, OURS, 1],
    ['usage 1 trusts nobody by itself', 1, THEIRS, THEIRS, null],
    ['usage 1 and no other', 1, OTHER, OURS, null],
    ['usage 0 bears out what is trusted by a path over the authority', 0, TRUSTED!, OURS, 0],
    ['usage 0 not by a path over another one', 0, STRANGER!, OURS, null],
    ['usage 0 trusts nobody by itself', 0, STRANGER!, THEIRS, null],
    ['usage 0 is about authorities, not about the certificate itself', 0, OURS, OURS, null],
    ['usage 2 is about authorities, not about the certificate itself', 2, THEIRS, THEIRS, null],
    ['usage 2 bears out what another authority has issued not', 2, THIRD!, THEIRS, null],
  ])('%s', (_, usage, described, certificate, expected) => {
    expect(judge(certificate, [record(usage, selector, type, described)])).toBe(expected);
  });

  it('usage 2 trusts the authority, where its certificate is at hand', () => {
    const records = [record(2, selector, type, STRANGER!)];
    const inRecord = selector === 0 && type === 0;
    expect(judge(THEIRS, records)).toBe(inRecord ? 2 : null);
    expect(judge(THEIRS, records, { intermediates: [STRANGER] })).toBe(2);
    expect(judge(ELSE, records, { intermediates: [STRANGER] })).toBeNull();
  });
});

describe('a certificate that usage 3 describes', () => {
  it.each([
    ['may name another mailbox: whose it is, the name of the record says', ELSE, 3],
    ['must not have expired', OLD, null],
    ['must hold already', EARLY, null],
    ['must be for encryption', SIGNS, null],
  ])('%s', (_, certificate, expected) => {
    expect(judge(certificate, [record(3, 0, 0, certificate)])).toBe(expected);
  });
});

it('a certificate that usage 1 describes has to name the address', () => {
  expect(judge(ELSE_OURS, [record(1, 0, 0, ELSE_OURS)])).toBeNull();
});

it('an authority between counts as well, by usage 0 under a root that is trusted and by usage 2 without', () => {
  const intermediates = [BETWEEN];
  expect(judge(BELOW!, [record(2, 1, 1, BETWEEN!)], { intermediates })).toBe(2);
  expect(judge(BELOW!, [record(0, 1, 1, BETWEEN!)], { intermediates })).toBeNull();
  expect(judge(BELOW!, [record(0, 1, 1, BETWEEN!)], { intermediates, trustAnchors: [ROOT] })).toBe(0);
});

it('one record that bears it out is enough, as while certificates are changed', () => {
  expect(judge(THEIRS, [record(1, 0, 0, OURS), record(3, 1, 1, OTHER), record(3, 1, 2, THEIRS)])).toBe(3);
});

describe('of what is known of an address', () => {
  const entry = (source: Source, certificate: Certificate): Entry => ({
    kind: 'person',
    name: ADDRESS,
    certificate,
    source,
    chain: [],
  });
  const judged = (entries: Entry[], records: Tlsa[]) =>
    judgeEntries(entries, {
      kind: 'person',
      name: ADDRESS,
      address: ADDRESS,
      at,
      anchorsFor: () => [TRUSTED!],
      checks: new Map(),
      choosing: {},
      associations: associationsIn(records),
    });
  const chosen = (entries: Entry[], records: Tlsa[]) => chosenOf(judged(entries, records))?.certificate;

  it.each<[string, Entry[], Tlsa[], Certificate | undefined]>([
    ['nothing is against what LDAP has', [entry('ldap', OURS)], [], OURS],
    ['LDAP has what the records describe', [entry('ldap', OURS)], [record(3, 1, 1, OURS)], OURS],
    ['LDAP has another one than they describe', [entry('ldap', OURS)], [record(3, 1, 1, OTHER)], undefined],
    ['LDAP has one that only they vouch for', [entry('ldap', THEIRS)], [record(3, 1, 1, THEIRS)], THEIRS],
    [
      'LDAP has one of another authority than they allow',
      [entry('ldap', OURS)],
      [record(0, 0, 1, THIRD!)],
      undefined,
    ],
    ['somebody here has decided otherwise', [entry('uploaded', OURS)], [record(3, 1, 1, OTHER)], OURS],
    [
      'what somebody here put in is vouched for by them alone',
      [entry('uploaded', THEIRS)],
      [record(3, 1, 1, THEIRS)],
      THEIRS,
    ],
    ['it comes from them', [entry('dns', THEIRS)], [record(3, 0, 0, THEIRS)], THEIRS],
    [
      'it comes from them, and no authority is behind it',
      [entry('dns', THEIRS)],
      [record(1, 0, 0, THEIRS)],
      undefined,
    ],
    [
      'two of them are no contradiction, as the domain names both',
      [entry('dns', THEIRS), entry('dns', OTHER)],
      [record(3, 0, 0, THEIRS), record(3, 0, 0, OTHER)],
      THEIRS.notAfter >= OTHER.notAfter ? THEIRS : OTHER,
    ],
    [
      'LDAP goes before them',
      [entry('dns', THEIRS), entry('ldap', OURS)],
      [record(3, 0, 0, THEIRS), record(3, 0, 1, OURS)],
      OURS,
    ],
  ])('%s', (_, entries, records, expected) => {
    expect(chosen(entries, records)?.sha256).toBe(expected?.sha256);
  });

  it('it is told by what it is trusted, or why it is not', () => {
    const reasonOf = (entries: Entry[], records: Tlsa[]) => judged(entries, records)[0]!.standing.reason;
    expect(reasonOf([entry('dns', THEIRS)], [record(3, 0, 0, THEIRS)])).toContain('(SMIMEA, usage 3)');
    expect(reasonOf([entry('ldap', OURS)], [record(3, 1, 1, OTHER)])).toContain('do not bear it out');
    expect(reasonOf([entry('dns', OLD)], [record(3, 0, 0, OLD)])).toContain('expired on');
  });
});
