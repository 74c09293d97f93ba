// SPDX-License-Identifier: Apache-2.0
import { Language, PROTECTION_METHODS, Sha256 } from '@securemail/contracts';
import { SignatureCertificateFacts, Station, type Summary } from '../facts/facts.ts';
import { filenameFor, isNamedLikeOurs } from '../facts/filename.ts';
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
    for (const language of Language.options) {
      const name = filenameFor(language, 'kø"b\r\n.example');
      expect(name).toMatch(/^[ -~]+ k--b--\.example\.pdf$/);
      expect(isNamedLikeOurs(name)).toBe(true);
    }
    expect(isNamedLikeOurs('\u200bSIGNATURE_Certificate (2).pdf')).toBe(true);
    for (const forged of ['.html', '.zip', '.pdf.exe', ''])
      expect(isNamedLikeOurs(`Signature certificate demo.example${forged}`)).toBe(true);
    expect(isNamedLikeOurs('Signatur\u0435 c\u0435rtific\u0430t\u0435.pdf')).toBe(true);
    expect(isNamedLikeOurs('1. Signature.certificate.pdf')).toBe(true);
    for (const other of ['Invoice.pdf', 'Signatures.pdf', 'Certificate.pdf', ''])
      expect(isNamedLikeOurs(other)).toBe(false);
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

  it.each(Language.options)(
    'tells reservations in words, and their codes only in the details: %s',
    (language) => {
      const { tables } = described(receivedFacts(), language);
      const { headings, labels, reservation } = TEXTS[language];
      expect(tables.find(({ heading }) => heading === headings.reservations)?.rows).toEqual([
        ['1', reservation['revocation-unknown']],
        ['2', 'from-another-version'],
      ]);
      expect(tables.at(-1)!.rows.at(-1)).toEqual([
        labels.reservationCodes,
        'revocation-unknown, from-another-version',
      ]);
      expect(words(sentFacts({ reservations: ['constructor'] }))).toContain('["1","constructor"]');
    },
  );

  it.each(['other-signature-certificate', 'attached-mail-protected'] as const)(
    'is no worse for %s',
    (code) => {
      const facts = receivedFacts({
        summary: { kind: 'received', verdict: 'valid', arrival: 'tls' },
        reservations: [code],
      });
      expect(described(facts, 'en').tone).toBe('good');
      expect(words(facts, 'da')).toContain(TEXTS.da.reservation[code]);
    },
  );

  it('says that nobody signed for the domain, where it was looked for', () => {
    const { authentication } = receivedFacts();
    expect(words(receivedFacts({ authentication: { ...authentication!, dkim: [] } }))).toContain(
      '["DKIM","none"]',
    );
    const unchecked = { spf: null, dkim: [], dmarc: null, arc: null };
    expect(words(receivedFacts({ authentication: unchecked }))).not.toContain('DKIM');
  });

  it.each(Language.options)('says that nobody could be asked about revocation: %s', (language) => {
    const [signature] = receivedFacts().signatures;
    const facts = receivedFacts({ signatures: [{ ...signature!, revocation: 'not-offered' }] });
    const { labels, revocation } = TEXTS[language];
    expect(words(facts, language)).toContain(JSON.stringify([labels.revocation, revocation['not-offered']]));
  });

  it('tells issuers and keys of certificates of recipients, where they are known', () => {
    const [encryption] = sentFacts().encryption;
    const [sha256] = encryption!.certificates;
    expect(words(sentFacts())).toContain(`"${sha256}"]`);
    const holders = [{ issuer: 'C=DK, O=Public', key: { type: 'rsa', bits: 3072 } }];
    expect(words(sentFacts({ encryption: [{ ...encryption!, holders }] }))).toContain(
      `"${sha256} (Issuer: C=DK, O=Public; rsa, 3072 bits)"]`,
    );
  });

  it('tells problems in words, with their codes behind', () => {
    const [signature] = receivedFacts().signatures;
    const facts = receivedFacts({ signatures: [{ ...signature!, problems: ['weak-key', 'from-later'] }] });
    expect(words(facts, 'de')).toContain(
      `["Probleme","${TEXTS.de.reservation['weak-key']} (weak-key) from-later"]`,
    );
  });

  it('colours each statement by what it says itself', () => {
    const tones = (verdict: 'valid' | 'invalid' | 'not-signed', arrival: 'tls' | 'insecure') =>
      described(receivedFacts({ summary: { kind: 'received', verdict, arrival } }), 'en').statements.map(
        ({ tone }) => tone,
      );
    expect(tones('invalid', 'tls')).toEqual(['bad', 'good']);
    expect(tones('valid', 'insecure')).toEqual(['good', 'bad']);
    expect(tones('not-signed', 'tls')).toEqual(['doubtful', 'good']);
  });

  it('says who signed only where that is proven, and else who claims to have', () => {
    const [good] = receivedFacts().signatures;
    const received = (
      verdict: 'valid-but' | 'invalid',
      ...signatures: SignatureCertificateFacts['signatures']
    ) => words(receivedFacts({ summary: { kind: 'received', verdict, arrival: 'tls' }, signatures }));
    const signed = '["Signed by","bo@citizen.example (the sender)"]';
    const claimed = '["Claims to be signed by","bo@citizen.example"]';
    expect(received('valid-but', good!)).toContain(signed);
    expect(received('valid-but', good!)).not.toContain('Claims');
    for (const bad of [
      { ...good!, verified: false },
      { ...good!, judgement: 'certificate-untrusted' as const },
      { ...good!, revocation: 'revoked' as const },
    ]) {
      expect(received('valid-but', bad)).toContain(claimed);
      expect(received('valid-but', bad)).not.toContain('"Signed by"');
      expect(received('valid-but', good!, bad)).toContain(`${signed},${claimed}`);
    }
    expect(received('invalid', good!)).not.toContain('"Signed by"');
    expect(received('invalid', { ...good!, certificate: null })).toContain(
      '["Claims to be signed by","unknown"]',
    );
  });

  it('counts recipients that are too many to be shown', () => {
    const to = Array.from({ length: 100 }, (_, i) => `${i}@citizen.example`);
    expect(words(sentFacts({ to }))).toContain('11@citizen.example and 88 more');
  });
});

describe('the first line of a verification', () => {
  const first = (facts: SignatureCertificateFacts, language: Language = 'en') =>
    verificationText(
      {
        kind: 'mail',
        holds: true,
        problem: null,
        certificates: [
          {
            holds: true,
            problems: [],
            about: 'this-mail',
            counts: true,
            facts,
            signer: null,
            signerDetail: null,
            language,
          },
        ],
      },
      language,
    )[0];

  it('says what a genuine certificate says', () => {
    expect(first(sentFacts())).toBe(
      'HOLDS: the Signature certificate is genuine, and text, attachments and the sender’s address of this mail are those that it is about; SUBJECT AND DATE ARE NOT COVERED. demo.example says: This mail was sent securely.',
    );
  });

  it.each([
    ['en', 'HOLDS', TEXTS.en.verdict.invalid.headline],
    ['da', 'HOLDER', TEXTS.da.verdict.invalid.headline],
    ['de', 'STIMMT', TEXTS.de.verdict.invalid.headline],
  ] as const)('does not call a mail good whose signature was not valid: %s', (language, word, verdict) => {
    const line = first(
      receivedFacts({ summary: { kind: 'received', verdict: 'invalid', arrival: 'tls' } }),
      language,
    );
    expect(line).toContain(verdict);
    expect(line).not.toContain(word);
  });
});

it('a verification says whose each certificate is, and that only one counts', () => {
  const finding = (domain: string, counts: boolean) => ({
    holds: true,
    problems: [],
    about: 'this-mail' as const,
    counts,
    facts: sentFacts({ organisation: { name: 'Demo Kommune', domain } }),
    signer: null,
    signerDetail: null,
    language: 'en' as const,
  });
  const found = { kind: 'mail' as const, holds: true, problem: null };
  const both = verificationText(
    { ...found, certificates: [finding('demo.example', true), finding('other.example', false)] },
    'en',
  );
  expect(both).toContain('Signature certificate of this mail (it names demo.example): holds');
  expect(both).toContain(
    'A further Signature certificate in this mail, which does not count (it names other.example): holds',
  );
  expect(both).toContain(VERIFICATION_TEXTS.en.limits.outermost);
  const one = verificationText({ ...found, certificates: [finding('demo.example', true)] }, 'en');
  expect(one).not.toContain(VERIFICATION_TEXTS.en.limits.outermost);
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
          counts: true,
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

  it.each([
    [
      'en',
      'Secure@Mail – SecureMailBox',
      'Stays encrypted inside Secure@Mail, and is read over HTTPS after signing in',
    ],
    [
      'da',
      'Secure@Mail – SecureMailBox',
      'Forbliver krypteret i Secure@Mail og læses over HTTPS efter login',
    ],
    [
      'de',
      'Secure@Mail – SecureMailBox',
      'Bleibt verschlüsselt in Secure@Mail und wird nach dem Anmelden über HTTPS gelesen',
    ],
  ] as const)('say of what SecureMailBox keeps that it does not leave (%s)', (language, leg, protection) => {
    const kept = sentFacts({
      summary: { kind: 'sent', method: 'mailbox' },
      legs: [{ from: 'gateway', to: 'mailbox', host: null, protection: { by: 'kept-encrypted' } }],
    });
    expect(SignatureCertificateFacts.safeParse(kept).success).toBe(true);
    expect(words(kept, language)).toContain(JSON.stringify([leg, protection]));
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
