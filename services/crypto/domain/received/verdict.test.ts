// SPDX-License-Identifier: Apache-2.0
import { Verdict } from '@securemail/contracts';
import { headerOf, type Header } from '@securemail/mime';
import {
  readCertificates,
  type Certificate,
  type Layer,
  type Signature,
  type SignedLayer,
} from '@securemail/smime';
import { createCertificateAuthority } from '@securemail/testing';

import fc from 'fast-check';
import { isFatal } from './reservations.ts';
import { judge, type Opened, type Standing } from './verdict.ts';

let bo: Certificate;
let kim: Certificate;
let hospital: Certificate;
beforeAll(async () => {
  const authority = await createCertificateAuthority({ name: 'Trusted' });
  const person = async (email: string) => {
    const { certificatePem } = await authority.issuePerson({ email, name: email });
    return readCertificates(certificatePem)[0]!;
  };
  [bo, kim] = await Promise.all([person('bo@citizen.example'), person('kim@citizen.example')]);
  const organisation = await authority.issueOrganisation({ domain: 'hospital.example', name: 'Hospital' });
  hospital = readCertificates(organisation.certificatePem)[0]!;
});

const header = (...lines: string[]): Header =>
  headerOf(
    lines.map((line) => ({ name: line.slice(0, line.indexOf(':')), raw: Buffer.from(`${line}\r\n`) })),
  );
const FROM_BO = 'From: Bo <bo@citizen.example>';
const GOOD: Standing = { fault: null, revocation: 'good', organisation: null };

const signature = (certificate: Certificate | null, over: Partial<Signature> = {}): Signature => ({
  verified: true,
  certificate,
  digest: 'sha256',
  algorithm: 'rsassa-pkcs1-v1_5',
  signingTime: null,
  capabilities: null,
  encryptionCertificate: null,
  problems: [],
  ...over,
});
const signed = (signatures: readonly Signature[], over: Partial<SignedLayer> = {}): SignedLayer => ({
  kind: 'signed',
  form: 'detached',
  signatures,
  certificates: [],
  crls: [],
  problems: [],
  ...over,
});
const encrypted = (...problems: ('weak-cipher' | 'unauthenticated-encryption')[]): Layer => ({
  kind: 'encrypted',
  contentEncryption: 'aes-256-cbc',
  authenticated: false,
  keyEncryption: 'rsaes-oaep',
  certificate: bo,
  recipients: 1,
  problems,
});

const judged = (
  layers: readonly Layer[],
  {
    standing = GOOD,
    outer = [FROM_BO],
    inner = null,
    protects = true,
    dmarc = false,
    closedParts = [],
  }: {
    standing?: Standing | null;
    outer?: string[];
    inner?: string[] | null;
    protects?: boolean;
    dmarc?: boolean;
    closedParts?: Opened['closedParts'];
  } = {},
) => {
  const opened: Opened = {
    layers,
    header: header(...outer),
    contentHeader: inner === null ? null : header(...inner),
    headerProtection:
      inner === null || !protects ? null : { scheme: 'rfc9788', hidden: [], legacyDisplay: [] },
    closedParts,
  };
  const all = layers.flatMap((layer) => (layer.kind === 'signed' ? layer.signatures : []));
  const standings = new Map(standing === null ? [] : all.map((each) => [each, standing] as const));
  const { verdict, reservations, counting } = judge(opened, { standings, authenticationFailed: dmarc });
  return { verdict, reservations, signer: counting?.signer ?? null };
};

describe('the verdict', () => {
  it('on a mail that nobody signed is that, whatever else is wrong', () => {
    expect(judged([])).toEqual({ verdict: 'not-signed', reservations: [], signer: null });
    expect(judged([], { dmarc: true }).reservations).toEqual(['authentication-failed']);
    expect(judged([encrypted('unauthenticated-encryption')])).toMatchObject({
      verdict: 'not-signed',
      reservations: ['unauthenticated-encryption'],
    });
    const other = { inner: ['From: Eva <eva@citizen.example>'] };
    expect(judged([encrypted()], other).reservations).toEqual(['from-differs']);
  });

  it('is valid where the sender signed, with nothing to be said against it', () => {
    const all = { verdict: 'valid', reservations: [], signer: 'person' };
    expect(judged([signed([signature(bo)])])).toEqual(all);
    expect(judged([encrypted(), signed([signature(bo)])], { dmarc: true })).toEqual(all);
    expect(judged([signed([signature(kim), signature(bo)])])).toEqual(all);
    expect(judged([signed([signature(bo)])], { standing: { ...GOOD, revocation: 'not-offered' } })).toEqual(
      all,
    );
  });

  it('is valid where the organisation of the sender signed for him', () => {
    const standing = { ...GOOD, organisation: 'hospital.example' };
    const outer = ['From: nurse@hospital.example'];
    expect(judged([signed([signature(hospital)])], { standing, outer })).toMatchObject({
      verdict: 'valid',
      signer: 'organisation',
    });
    expect(judged([signed([signature(hospital)])], { standing })).toMatchObject({
      verdict: 'valid-but',
      reservations: ['from-not-signer'],
    });
  });

  it.each([
    ['somebody else signed', () => judged([signed([signature(kim)])]), ['from-not-signer']],
    [
      'who sent it for another signed',
      () => judged([signed([signature(kim)])], { outer: [FROM_BO, 'Sender: kim@citizen.example'] }),
      ['sender-is-signer'],
    ],
    [
      'nobody knows whether it was revoked',
      () => judged([signed([signature(bo)])], { standing: { ...GOOD, revocation: 'unknown' } }),
      ['revocation-unknown'],
    ],
    [
      'the certificate held when it was signed',
      () => judged([signed([signature(bo)])], { standing: { ...GOOD, fault: 'expired-since' } }),
      ['certificate-expired'],
    ],
    [
      'the mail says outside that it is from another',
      () => judged([signed([signature(bo)])], { outer: ['From: eva@citizen.example'], inner: [FROM_BO] }),
      ['from-differs'],
    ],
    [
      'who signed stands in a From inside that protects nothing, so that nobody is shown it',
      () =>
        judged([signed([signature(bo)])], {
          outer: ['From: eva@citizen.example'],
          inner: [FROM_BO],
          protects: false,
        }),
      ['from-not-signer', 'from-differs'],
    ],
    [
      'it is from two',
      () => judged([signed([signature(bo)])], { outer: [`${FROM_BO}, eva@citizen.example`] }),
      ['from-not-signer', 'no-single-from'],
    ],
    [
      'the ciphertext alone was signed',
      () => judged([signed([signature(bo)]), encrypted()]),
      ['only-ciphertext-signed'],
    ],
    [
      'its cipher is of another age',
      () => judged([encrypted('weak-cipher'), signed([signature(bo)])]),
      ['weak-cipher'],
    ],
    [
      'a weak digest was asked for by a setting',
      () => judged([signed([signature(bo, { problems: ['weak-digest'] })])]),
      ['weak-digest'],
    ],
    [
      'it is cut off behind the signature',
      () => judged([signed([signature(bo)], { problems: ['cut-off'] })]),
      ['cut-off'],
    ],
  ])('is valid, but, where %s', (_, verdict, reservations) => {
    expect(verdict()).toMatchObject({ verdict: 'valid-but', reservations });
  });

  it.each([
    ['nobody signed', 'not-signed', () => []],
    ['the sender signed', 'valid-but', () => [signed([signature(bo)])]],
    ['nobody signed what says so', 'invalid', () => [signed([])]],
  ] as const)(
    'says of a part that is not at the top that it was not looked into, where %s',
    (_, verdict, layers) => {
      const found = judged(layers(), { closedParts: ['in-attached-message', 'in-message'] });
      expect(found.verdict).toBe(verdict);
      expect(found.reservations).toContain('not-at-the-top');
    },
  );

  it('has no reservation for the sake of a mail that somebody attached', () => {
    const closedParts = ['in-attached-message'] as const;
    expect(judged([signed([signature(bo)])], { closedParts }).verdict).toBe('valid');
    expect(judged([], { closedParts }).reservations).toEqual([]);
  });

  it.each([
    [
      'the content was changed',
      () => judged([signed([signature(bo, { verified: false, problems: ['content-changed'] })])]),
      'content-changed',
    ],
    [
      'the signature was taken away',
      () => judged([signed([], { problems: ['signature-missing', 'no-signer'] })]),
      'signature-missing',
    ],
    [
      'a part was put beside what was signed',
      () => judged([signed([signature(bo)], { problems: ['more-parts'] })]),
      'more-parts',
    ],
    [
      'the certificate is not there',
      () =>
        judged([signed([signature(null, { verified: false, problems: ['certificate-missing'] })])], {
          standing: null,
        }),
      'certificate-missing',
    ],
    [
      'nothing is known of the certificate',
      () => judged([signed([signature(bo)])], { standing: null }),
      'signature-wrong',
    ],
    [
      'it was revoked',
      () => judged([signed([signature(bo)])], { standing: { ...GOOD, revocation: 'revoked' } }),
      'certificate-revoked',
    ],
    [
      'nobody vouches for it',
      () => judged([signed([signature(bo)])], { standing: { ...GOOD, fault: 'certificate-untrusted' } }),
      'certificate-untrusted',
    ],
    [
      'it is over, and was when it was signed',
      () => judged([signed([signature(bo)])], { standing: { ...GOOD, fault: 'certificate-expired' } }),
      'certificate-expired',
    ],
    [
      'an outer signature holds and the inner one does not',
      () =>
        judged([
          signed([signature(bo)]),
          encrypted(),
          signed([signature(bo, { verified: false, problems: ['signature-wrong'] })]),
        ]),
      'signature-wrong',
    ],
  ])('is invalid where %s', (_, verdict, reservation) => {
    expect(verdict()).toMatchObject({ verdict: 'invalid' });
    expect(verdict().reservations).toContain(reservation);
  });

  it('is never better than what it rests on, whatever a mail is made of', () => {
    const problem = fc.constantFrom('content-changed', 'weak-digest', 'key-usage', 'signature-wrong');
    const anySignature = fc
      .record({
        verified: fc.boolean(),
        problems: fc.array(problem, { maxLength: 2 }),
        who: fc.constantFrom('bo', 'kim', 'nobody'),
      })
      .map(({ verified, problems, who }) =>
        signature(who === 'bo' ? bo : who === 'kim' ? kim : null, {
          verified,
          problems: problems,
        }),
      );
    const anyLayer: fc.Arbitrary<Layer> = fc.oneof(
      fc
        .record({
          signatures: fc.array(anySignature, { maxLength: 3 }),
          problems: fc.array(fc.constantFrom('more-parts', 'rubbish', 'cut-off'), { maxLength: 2 }),
        })
        .map(({ signatures, problems }) => signed(signatures, { problems: problems })),
      fc.constant(null).map(() => encrypted()),
    );
    const standing = fc.record({
      fault: fc.constantFrom(null, 'expired-since' as const, 'certificate-untrusted' as const),
      revocation: fc.constantFrom(
        'good' as const,
        'revoked' as const,
        'unknown' as const,
        'not-offered' as const,
      ),
      organisation: fc.constantFrom(null, 'citizen.example'),
    });
    fc.assert(
      fc.property(fc.array(anyLayer, { maxLength: 4 }), standing, fc.boolean(), (layers, found, dmarc) => {
        const { verdict, reservations } = judged(layers, { standing: found, dmarc });
        expect(Verdict.options).toContain(verdict);
        if (verdict === 'valid') expect(reservations).toEqual([]);
        if (verdict === 'valid-but' || verdict === 'invalid') expect(reservations).not.toEqual([]);
        const innermost = layers.findLast((layer) => layer.kind === 'signed');
        expect(verdict === 'not-signed').toBe(innermost === undefined);
        if (verdict !== 'valid' && verdict !== 'valid-but') return;
        expect(reservations.some(isFatal)).toBe(false);
        expect(found.fault).not.toBe('certificate-untrusted');
        expect(found.revocation).not.toBe('revoked');
        expect(innermost?.kind === 'signed' && innermost.signatures.some((each) => each.verified)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
