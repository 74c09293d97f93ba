// SPDX-License-Identifier: Apache-2.0
import { readCertificates, type Certificate } from '@securemail/smime';
import { createCertificateAuthority } from '@securemail/testing';
import { keyWarnings, signerAmong, stateOfKey, type OwnKey } from './own-key.ts';

const DAY = 86_400_000;
const at = new Date();
const ANNA = { kind: 'person' as const, name: 'anna@demo.example' };
const authority = await createCertificateAuthority({ name: 'Trusted' });
const stranger = await createCertificateAuthority({ name: 'Stranger' });
const only = (pem: string): Certificate => readCertificates(Buffer.from(pem))[0]!;

/** A key of Anna's that holds from one day to another, counted from today. */
const key = async (from: number, to: number, more: Partial<OwnKey> = {}, by = authority): Promise<OwnKey> => {
  const validity = { notBefore: new Date(+at + from * DAY), notAfter: new Date(+at + to * DAY) };
  const { certificatePem } = await by.issuePerson({ email: ANNA.name, name: 'Anna', validity });
  return {
    ...{ kind: 'person', names: [ANNA.name], certificate: only(certificatePem), chain: [] },
    ...{ where: 'file', retired: null, ...more },
  };
};
const retired = { at: at.toISOString(), by: 'ops', reason: 'lost' };
const [old, current, coming, gone, strange] = await Promise.all([
  key(-300, 20),
  key(-5, 360),
  key(5, 365),
  key(-300, -1),
  key(-1, 300, {}, stranger),
]);
const longer = await key(-200, 500);
const [follows, muchLater, seamless, comingStrange] = await Promise.all([
  key(19, 365),
  key(90, 365),
  key(20 + 1 / (24 * 60 * 60), 365),
  key(5, 365, {}, stranger),
]);
const question = { at, trustAnchors: [only(authority.certificatePem)] };
const signer = (...keys: OwnKey[]) => signerAmong(keys, ANNA, question);

describe('of several keys for one name', () => {
  it.each<[string, OwnKey[], OwnKey | null]>([
    ['the only one signs', [old], old],
    ['the newest signs as soon as it holds', [old, current], current],
    ['the order in the folder does not matter', [current, old], current],
    ['the newest signs also where an older one holds longer', [longer, current], current],
    ['one that does not hold yet signs not yet', [old, coming], old],
    ['one that holds no more does not sign', [gone], null],
    ['one of nobody who is trusted does not sign', [old, strange], old],
    ['a retired one does not sign, however new', [old, { ...current, retired }], old],
    ['nobody signs where all are retired', [{ ...current, retired }], null],
    ['there is none', [], null],
  ])('%s', (_, keys, expected) => {
    expect(signer(...keys)).toBe(expected);
  });

  it('the new one takes over in the moment in which it begins', () => {
    const begins = coming.certificate.notBefore;
    const signing = (when: Date) => signerAmong([old, coming], ANNA, { ...question, at: when });
    expect(signing(new Date(+begins - 1))).toBe(old);
    expect(signing(begins)).toBe(coming);
  });

  it('each is told where it stands', () => {
    const keys = [old, current, coming, gone, strange, { ...longer, retired }];
    expect(keys.map((each) => stateOfKey(each, ANNA, keys, question))).toEqual([
      ...['superseded', 'signs', 'not-yet-valid', 'expired', 'untrusted', 'retired'],
    ]);
  });
});

it('a key is of its own names alone', () => {
  expect(signerAmong([current], { kind: 'person', name: 'eve@demo.example' }, question)).toBeNull();
  expect(signerAmong([current], { kind: 'organisation', name: ANNA.name }, question)).toBeNull();
});

describe('a name wants a successor for its key', () => {
  it.each<[string, OwnKey[], string | null]>([
    ['where the last one ends soon', [old], 'expires within 30 days'],
    ['not where one follows that holds longer', [old, current], null],
    ['not where one is to come', [old, coming], null],
    ['where the one that follows is retired', [old, { ...current, retired }], 'expires within 30 days'],
    ['not where it begins in the second in which the last one ends', [old, seamless], null],
    ['where there is a gap until one is to come', [old, muchLater], 'expires within 30 days'],
    ['not where another fills the gap', [muchLater, follows, old], null],
    ['where the one to come is of nobody who is trusted', [old, comingStrange], 'expires within 30 days'],
    ['where the last one has ended, and the next one is to come', [gone, coming], 'nobody signs'],
    ['where the only one is to come', [coming], 'nobody signs'],
    ['where all have ended', [gone], 'nobody signs'],
    ['where nobody trusts it', [strange], 'nobody signs'],
    ['not where all were retired: somebody has decided so', [{ ...gone, retired }], null],
  ])('%s', (_, keys, what) => {
    expect(keyWarnings(keys, question).map((warning) => warning.what)).toEqual(what === null ? [] : [what]);
  });
});

it('where the next one is to come too late, that one is named', () => {
  expect(keyWarnings([gone, muchLater, coming], question)).toEqual([
    { ...ANNA, what: 'nobody signs', sha256: coming.certificate.sha256 },
  ]);
  expect(keyWarnings([old, muchLater], question)).toMatchObject([{ sha256: old.certificate.sha256 }]);
});
