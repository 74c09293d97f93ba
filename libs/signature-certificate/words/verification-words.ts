// SPDX-License-Identifier: Apache-2.0
import { domainToASCII } from 'node:url';
import type { Language } from '@securemail/contracts';
import { VERIFICATION_TEXTS } from '../texts/verification/languages.ts';
import type { VerificationTexts } from '../texts/verification/texts.ts';
import type { CertificateFinding, UnverifiableCode, Verification } from '../verify/finding.ts';
import { describe } from './describe.ts';

/** Why nothing was verified, in a sentence. */
export const unverifiableText = (code: UnverifiableCode, language: Language): string =>
  VERIFICATION_TEXTS[language].unverifiable[code];

/**
 * A verification in words, a line each: first whether it holds, then each certificate with what was found, then what was
 * signed. Nothing of it comes from the pages of a document, which anybody can write. Control characters are spaces, and
 * what is not seen is left out: a stranger's text moves no cursor.
 *
 * @param trustsNobody no authority was named, so that no key is anybody's.
 */
export function verificationText(
  { kind, holds, problem, certificates }: Verification,
  language: Language,
  { trustsNobody = false }: { trustsNobody?: boolean } = {},
): string[] {
  const texts = VERIFICATION_TEXTS[language];
  return [
    headlineOf({ kind, holds, problem, certificates }, language, texts),
    ...certificates.flatMap((each) => ['', ...certificateLines(each, language, texts)]),
    '',
    ...(kind === 'mail' && certificates.length > 1 ? [texts.limits.outermost] : []),
    ...(trustsNobody ? [texts.limits.anchors] : []),
    texts.limits.revocation,
    ...(kind === 'mail' ? [texts.limits.subject] : [texts.limits.alone]),
  ].map((line) => line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').replace(/\p{Cf}/gu, ''));
}

/** With what the certificate says: that it is genuine is not that the mail is good. */
function headlineOf(
  { kind, holds, problem, certificates }: Verification,
  language: Language,
  texts: VerificationTexts,
): string {
  if (!holds && problem !== null) return texts.problem[problem];
  const facts = certificates.find(({ counts }) => counts)?.facts ?? null;
  if (facts === null) return texts.problem['no-certificate'];
  const { statements, tone } = describe(facts, language);
  const said = statements.map(({ headline }) => headline).join(' ');
  return (tone === 'bad' ? texts.genuine : texts.holds)[kind]
    .replace('%d', () => domainOf(facts))
    .replace('%s', () => said);
}

/** As A-labels (RFC 5890): letters of one script look like those of another. */
const domainOf = ({ organisation: { domain } }: NonNullable<CertificateFinding['facts']>): string =>
  domainToASCII(domain) || domain;

function certificateLines(found: CertificateFinding, language: Language, texts: VerificationTexts): string[] {
  const { about, counts, holds, problems, facts, signer, signerDetail } = found;
  const whose = facts === null ? '' : ` (${texts.of.replace('%d', () => domainOf(facts))})`;
  return [
    `${about === 'this-mail' && !counts ? texts.further : texts.about[about]}${whose}: ${holds ? texts.certificate.holds : texts.certificate.doesNotHold}`,
    ...problems.map((problem) => `  ✗ ${texts.problems[problem]}`),
    ...goodLines(found, texts).map((line) => `  ✓ ${line}`),
    ...(signer === null
      ? []
      : [
          `  ${texts.signedBy
            .replace('%s', () => signer.subject)
            .replace('%i', () => signer.issuer)
            .replace('%f', signer.sha256)}`,
        ]),
    ...(signerDetail === null ? [] : [`  ${texts.detail}: ${signerDetail}`]),
    ...(facts === null ? [] : [`  ${texts.says}:`, ...factLines(facts, language)]),
  ];
}

function goodLines(
  { facts, problems, signerDetail, about }: CertificateFinding,
  { found }: VerificationTexts,
) {
  if (facts === null) return [];
  const wrongMail = ['mail-changed', 'not-the-whole-mail', 'other-from', 'other-message-id'] as const;
  const isCompared = about === 'this-mail' || about === 'attached-mail';
  return [
    ...(signerDetail === null && !problems.includes('other-organisation') ? [found.signer] : []),
    ...(problems.includes('document-changed') || problems.includes('several') ? [] : [found.document]),
    ...(isCompared && !wrongMail.some((problem) => problems.includes(problem)) ? [found.mail] : []),
  ];
}

function factLines(facts: NonNullable<CertificateFinding['facts']>, language: Language): string[] {
  const { statements, tables } = describe(facts, language);
  return [
    ...statements.map(({ headline, explanation }) => `    ${headline} ${explanation}`),
    ...tables.flatMap(({ heading, rows }) => [
      `    ${heading}`,
      ...rows.map(([label, value]) => `      ${label}: ${value}`),
    ]),
  ];
}
