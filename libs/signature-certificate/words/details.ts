// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';
import type { CertificateFacts } from '../facts/certificate-facts.ts';
import type { Authentication, SignatureCertificateFacts } from '../facts/facts.ts';
import type { EncryptionFacts, SignatureFacts } from '../facts/signature-facts.ts';
import type { Texts } from '../texts/certificate/texts.ts';
import type { Row, Table } from './description.ts';
import { day, moment } from './moment.ts';
import { withCodes } from './reservation-text.ts';

/** What somebody wants who checks it with other programs. */
export function detailTables(facts: SignatureCertificateFacts, texts: Texts, language: Language): Table[] {
  const { headings, labels } = texts;
  const { signatures, encryption, authentication } = facts;
  return [
    ...signatures.map((each, i) =>
      table(numbered(headings.signature, i, signatures), signatureRows(each, texts, language)),
    ),
    ...encryption.map((each, i) =>
      table(numbered(headings.encryption, i, encryption), encryptionRows(each, texts)),
    ),
    ...(authentication === null
      ? []
      : [table(headings.authentication, authenticationRows(authentication))]
    ).filter(({ rows }) => rows.length > 0),
    table(headings.identification, [
      [labels.emailId, facts.emailId],
      ...(facts.messageId === null ? [] : [[labels.messageId, facts.messageId] as const]),
      [labels.digest, facts.entity.sha256],
      [labels.octets, String(facts.entity.octets)],
      [labels.madeAt, facts.madeAt],
      ...(facts.reservations.length === 0
        ? []
        : [[labels.reservationCodes, facts.reservations.join(', ')] as const]),
    ]),
  ];
}

const table = (heading: string, rows: readonly Row[]): Table => ({ heading, level: 3, rows });

const numbered = (heading: string, i: number, all: readonly unknown[]) =>
  all.length === 1 ? heading : `${heading} ${i + 1}`;

function signatureRows(signature: SignatureFacts, texts: Texts, language: Language): Row[] {
  const { labels } = texts;
  const { algorithm, digest, signingTime, problems, certificate } = signature;
  return [
    [labels.signature, texts.verified[signature.verified ? 'true' : 'false']],
    [labels.algorithm, digest === null ? algorithm : `${algorithm}, ${digest}`],
    ...(signingTime === null ? [] : [[labels.signingTime, moment(signingTime, language)] as const]),
    ...(certificate === null ? [] : certificateRows(certificate, texts, language)),
    [labels.judgement, texts.judgement[signature.judgement]],
    ...(signature.revocation === 'not-asked'
      ? []
      : [[labels.revocation, texts.revocation[signature.revocation]] as const]),
    ...(problems.length === 0 ? [] : [[labels.problems, withCodes(problems, texts)] as const]),
  ];
}

const certificateRows = (certificate: CertificateFacts, texts: Texts, language: Language): Row[] => [
  [texts.labels.holder, certificate.subject],
  [texts.labels.names, certificate.names.join(', ')],
  [texts.labels.issuer, certificate.issuer],
  [texts.labels.serial, certificate.serial],
  [texts.labels.fingerprint, certificate.sha256],
  [texts.labels.validity, `${day(certificate.notBefore, language)} – ${day(certificate.notAfter, language)}`],
  [texts.labels.key, keyText(certificate.key, texts)],
];

const keyText = ({ type, bits }: CertificateFacts['key'], { bits: words }: Texts) =>
  bits === 0 ? type : `${type}, ${words.replace('%n', String(bits))}`;

const recipientText = (
  sha256: string,
  holder: NonNullable<EncryptionFacts['holders']>[number] | undefined,
  texts: Texts,
) =>
  holder === undefined
    ? sha256
    : `${sha256} (${[...(holder.issuer === '' ? [] : [`${texts.labels.issuer}: ${holder.issuer}`]), keyText(holder.key, texts)].join('; ')})`;

const encryptionRows = (encryption: EncryptionFacts, texts: Texts): Row[] => [
  [texts.labels.contentEncryption, encryption.contentEncryption],
  [texts.labels.keyEncryption, encryption.keyEncryption],
  ...(encryption.certificates.length === 0
    ? []
    : [
        [
          texts.labels.recipientCertificates,
          encryption.certificates
            .map((sha256, index) => recipientText(sha256, encryption.holders?.[index], texts))
            .join('; '),
        ] as const,
      ]),
  ...(encryption.problems.length === 0
    ? []
    : [[texts.labels.problems, withCodes(encryption.problems, texts)] as const]),
];

/** The names of the methods, and the results of RFC 8601 §2.7, are the same in every language. */
function authenticationRows({ spf, dkim, dmarc, arc }: Authentication): Row[] {
  const isChecked = spf !== null || dmarc !== null || arc !== null;
  // What was looked for and is not there is a result, too (RFC 8601 §2.7.1).
  const signatures = dkim.length === 0 && isChecked ? [{ result: 'none', domain: null }] : dkim;
  const results = [
    ['SPF', spf],
    ...signatures.map((each) => ['DKIM', each] as const),
    ['DMARC', dmarc],
    ['ARC', arc],
  ] as const;
  return results.flatMap(([name, found]): Row[] =>
    found === null
      ? []
      : [[name, found.domain === null ? found.result : `${found.result} (${found.domain})`]],
  );
}
