// SPDX-License-Identifier: Apache-2.0
import { MOST_AUTHORS, type Authentication, type SignatureCertificateFacts } from './facts.ts';
import type { SignatureFacts } from './signature-facts.ts';
import { bounded } from './text.ts';

/**
 * Facts whose lists and texts are no longer than the schema takes: much of them is what a stranger wrote, and a mail is
 * not held back because he wrote too much.
 */
export const fitted = (facts: SignatureCertificateFacts): SignatureCertificateFacts => ({
  ...facts,
  from: facts.from.slice(0, MOST_AUTHORS).map((address) => bounded(address, 320)),
  to: facts.to.slice(0, 1_000).map((address) => bounded(address, 320)),
  // Cut off it would be another one.
  messageId: (facts.messageId?.length ?? 0) > 998 ? null : facts.messageId,
  legs: facts.legs.slice(0, 10).map((leg) => ({ ...leg, host: leg.host && bounded(leg.host, 255) })),
  signatures: facts.signatures.slice(0, 20).map(fittedSignature),
  encryption: facts.encryption.slice(0, 8).map((each) => ({
    ...each,
    keyEncryption: bounded(each.keyEncryption, 120),
    certificates: each.certificates.slice(0, 50),
    ...(each.holders === undefined ? {} : { holders: each.holders.slice(0, 50) }),
    problems: each.problems.slice(0, 20),
  })),
  authentication: facts.authentication && fittedAuthentication(facts.authentication),
  reservations: facts.reservations.slice(0, 40),
});

const fittedSignature = (signature: SignatureFacts): SignatureFacts => ({
  ...signature,
  algorithm: bounded(signature.algorithm, 80),
  problems: signature.problems.slice(0, 20),
});

type Result = Authentication['dkim'][number];

const fittedResult = ({ result, domain }: Result): Result => ({
  result: bounded(result, 20),
  domain: domain && bounded(domain, 255),
});

const fittedAuthentication = ({ spf, dkim, dmarc, arc }: Authentication): Authentication => ({
  spf: spf && fittedResult(spf),
  dkim: dkim.slice(0, 10).map(fittedResult),
  dmarc: dmarc && fittedResult(dmarc),
  arc: arc && fittedResult(arc),
});
