// SPDX-License-Identifier: Apache-2.0
import { Language, PROTECTION_METHODS, Sha256 } from '@securemail/contracts';
import { SignatureCertificateFacts, Station, type Summary } from '../facts/facts.ts';
import { fitted } from '../facts/fitted.ts';
import { legProtection } from '../facts/leg-protection.ts';
import { receivedFacts, sentFacts } from '../testing/facts.ts';
import { TEXTS } from '../texts/certificate/languages.ts';
import { VERIFICATION_TEXTS } from '../texts/verification/languages.ts';
import { describe as described } from './describe.ts';
import { verificationText } from './verification-words.ts';

const leaves = (texts: object): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[key, value] as [string, string]]
      : leaves(value as object).map(([inner, text]): [string, string] => [`${key}.${inner}`, text]),
  );
const words = (facts: SignatureCertificateFacts, language: Language = 'en') =>
  JSON.stringify(described(facts, language));

describe('the texts', () => {
  it.each([
    ['of a certificate', TEXTS],
    ['of a verification', VERIFICATION_TEXTS],
  ])('%s are there in every language, with the same places to fill', (_, all) => {
    const [english, ...others] = Language.options.map((language) => leaves(all[language]));
    const places = (text: string) => (text.match(/%\w\b/g) ?? []).toSorted();
    for (const other of others) {
      expect(other.map(([key]) => key)).toEqual(english!.map(([key]) => key));
      for (const [i, [, text]] of other.entries()) expect(places(text)).toEqual(places(english![i]![1]));
    }
    for (const [, text] of [...english!, ...others.flat()]) expect(text.trim()).not.toBe('');
  });

  it('are translated where they are sentences', () => {
    const sentences = (language: Language) =>
      [...leaves(TEXTS[language]), ...leaves(VERIFICATION_TEXTS[language])].map(([, text]) => text);
    for (const language of ['da', 'de'] as const) {
      const english = sentences('en');
      const same = sentences(language).filter((text, i) => text === english[i] && text.split(' ').length > 2);
      expect(same).toEqual([]);
    }
  });

  it('name the file in ASCII, which every mail program reads', () => {
    for (const { filename } of Object.values(TEXTS)) expect(filename).toMatch(/^[ -~]+\.pdf$/);
  });
});

describe('a certificate in words', () => {
  it.each(PROTECTION_METHODS)('says that a mail was sent securely: %s', (method) => {
    const { statements, tone } = described(sentFacts({ summary: { kind: 'sent', method } }), 'da');
    expect([statements[0]!.headline, tone]).toEqual(['Denne mail er sendt sikkert.', 'good']);
  });

  it.each<[Extract<Summary, { kind: 'received' }>['verdict'], 'smime' | 'tls' | 'insecure', string]>([
    ['valid', 'smime', 'good'],
    ['valid', 'insecure', 'bad'],
    ['valid-but', 'tls', 'doubtful'],
    ['invalid', 'smime', 'bad'],
    ['not-signed', 'tls', 'doubtful'],
    ['not-signed', 'insecure', 'bad'],
  ])('is as good as what was received: %s, %s', (verdict, arrival, tone) => {
    const facts = receivedFacts({ summary: { kind: 'received', verdict, arrival }, reservations: [] });
    expect(described(facts, 'en').tone).toBe(tone);
  });

  it('tells each leg of the way, who verified it and how', () => {
    const all = words(receivedFacts());
    expect(all).toContain('Sender’s mail server – Secure@Mail (mail.citizen.example)');
    expect(all).toContain(
      'Encrypted connection, TLSv1.2, ECDHE-RSA-AES128-GCM-SHA256; other end not verified',
    );
    expect(all).toContain('at least TLS 1.2, or it is not sent; other end verified as an own server');
    for (const station of Station.options) {
      const leg = { from: station, to: station, host: null, protection: { by: 'none' } } as const;
      expect(words(sentFacts({ legs: [leg] }))).toContain(TEXTS.en.station[station]);
    }
  });

  it('tells reservations, and shows the code of one that another version knows', () => {
    const rows = described(receivedFacts(), 'en').tables.find(
      ({ heading }) => heading === 'Reservations',
    )?.rows;
    expect(rows).toEqual([
      ['revocation-unknown', TEXTS.en.reservation['revocation-unknown']],
      ['from-another-version', 'from-another-version'],
    ]);
    expect(words(sentFacts({ reservations: ['constructor'] }))).toContain('["constructor","constructor"]');
  });

  it('counts recipients that are too many to be shown', () => {
    const to = Array.from({ length: 100 }, (_, i) => `${i}@citizen.example`);
    expect(words(sentFacts({ to }))).toContain('11@citizen.example and 88 more');
  });
});

it('a verification says what a stranger wrote without moving a cursor', () => {
  const facts = sentFacts({ from: ['\u001b[2J\u001b[1;1HHOLDS\r\n\u202eevil'] });
  const lines = verificationText(
    {
      kind: 'mail',
      holds: false,
      problem: 'certificate-does-not-hold',
      certificates: [
        {
          holds: false,
          problems: ['mail-changed'],
          about: 'this-mail',
          facts,
          signer: null,
          signerDetail: null,
          language: 'en',
        },
      ],
    },
    'en',
  );
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(lines.filter((line) => line.startsWith('HOLDS'))).toEqual([]);
});

describe('the facts', () => {
  it('of a leg say by what it was certain whose server it is', () => {
    const tls = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', verified: true, policy: null };
    expect(legProtection(null)).toEqual({ by: 'none' });
    expect(legProtection(tls)).toMatchObject({ by: 'tls', verifiedBy: 'own-servers' });
    expect(legProtection({ ...tls, policy: 'dane' })).toMatchObject({ verifiedBy: 'dane' });
    expect(legProtection({ ...tls, verified: false })).toMatchObject({ verifiedBy: null });
  });

  it('of a stranger who wrote too much are cut off', () => {
    const long = 'x'.repeat(5_000);
    const result = { result: long, domain: long };
    const [signature] = receivedFacts().signatures;
    const facts = receivedFacts({
      from: Array<string>(500).fill(long),
      to: Array<string>(5_000).fill(`${long}😀`),
      messageId: long,
      signatures: Array(500).fill({ ...signature, algorithm: long, problems: Array(500).fill('weak-key') }),
      legs: Array(500).fill({ from: 'gateway', to: 'mailbox', host: long, protection: { by: 'none' } }),
      encryption: Array(500).fill({ ...sentFacts().encryption[0], keyEncryption: long }),
      authentication: { spf: result, dkim: Array(500).fill(result), dmarc: result, arc: result },
      reservations: Array<string>(500).fill('weak-key'),
    });
    expect(SignatureCertificateFacts.safeParse(facts).success).toBe(false);
    expect(SignatureCertificateFacts.safeParse(fitted(facts)).success).toBe(true);
    expect(fitted(sentFacts())).toEqual(sentFacts());
  });

  it.each<[string, object]>([
    ['a version that is not known', { version: 2 }],
    ['more recipients than it shows', { to: Array(1_001).fill('a@b.example') }],
    ['a reservation that is no code', { reservations: ['What?'] }],
    ['a digest that is none', { entity: { sha256: 'x', octets: 1 } }],
  ])('are not %s', (_, over) => {
    expect(SignatureCertificateFacts.safeParse({ ...sentFacts(), ...over }).success).toBe(false);
    expect(Sha256.safeParse(sentFacts().entity.sha256).success).toBe(true);
  });
});
