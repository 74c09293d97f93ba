// SPDX-License-Identifier: Apache-2.0
import type { SignatureCertificateFacts } from '../facts/facts.ts';
import type { CertificateJudgement, SignatureFacts } from '../facts/signature-facts.ts';
import type { Texts } from '../texts/certificate/texts.ts';
import type { Row } from './description.ts';
import { listed } from './listed.ts';

/** Who signed, and apart from that who only claims to have. */
export function signerRows({ summary, signatures }: SignatureCertificateFacts, texts: Texts): Row[] {
  const isInvalid = summary.kind === 'received' && summary.verdict === 'invalid';
  const isProven = (each: SignatureFacts) => !isInvalid && holds(each);
  const proven = signatures.filter(isProven).map(({ certificate, by }) => {
    const names = certificate?.names ?? [];
    return names.length === 0 ? texts.by[by] : `${names.join(', ')} (${texts.by[by]})`;
  });
  const claimed = signatures
    .filter((each) => !isProven(each))
    .map(({ certificate }) => certificate?.names.join(', ') ?? '')
    .map((names) => (names === '' ? texts.by.unknown : names));
  return [
    ...(proven.length === 0 ? [] : [[texts.labels.signedBy, listed(proven, texts)] as const]),
    ...(claimed.length === 0 ? [] : [[texts.labels.claimedBy, listed(claimed, texts)] as const]),
  ];
}

/** What a certificate that expired since proves, it proved when it was used: the verdict has judged that. */
const KNOWN: ReadonlySet<CertificateJudgement> = new Set(['made-here', 'trusted', 'certificate-expired']);

const holds = ({ verified, judgement, revocation }: SignatureFacts) =>
  verified && KNOWN.has(judgement) && revocation !== 'revoked';
