// SPDX-License-Identifier: Apache-2.0
import { judgeCertificate, namesOrganisation, type Certificate } from '@securemail/smime';
import { certificateFacts } from '../facts/certificate-facts.ts';
import type { CertificateFinding, CertificateProblem } from './finding.ts';
import { jwsAsWritten, jwsAttached, type FoundJws } from './jws-in-pdf.ts';
import { LIMITS } from './limits.ts';
import { verifyJws, type VerifiedJws } from './verify-jws.ts';

/** What a document says and whether that holds, whatever it is about. */
export type JudgedDocument = Omit<CertificateFinding, 'holds' | 'about' | 'counts'>;

export interface Judging {
  /** Whom the reader trusts to say whose key it is. Nobody is trusted otherwise. */
  readonly trustAnchors: readonly Certificate[];
  /** Now. */
  readonly at: Date;
}

const speaksForAll = (certificate: Certificate, addresses: readonly string[]): boolean =>
  addresses.length > 0 &&
  addresses.every((address) => namesOrganisation(certificate, address.slice(address.lastIndexOf('@') + 1)));

type Found = FoundJws & { readonly verified: Exclude<VerifiedJws, { status: 'something-else' }> };
/** How far the clock of who made it may be ahead of ours. */
const SKEW_MS = 5 * 60 * 1000;

/**
 * @param mayBeSavedAnew whether to have it read by a PDF reader where nothing stands in it as we write it.
 * @returns null where there is nothing in it that wants to be signed facts.
 */
export async function judgeDocument(
  pdf: Buffer,
  judging: Judging,
  mayBeSavedAnew: boolean,
): Promise<JudgedDocument | null> {
  if (pdf.length > LIMITS.pdfOctets) return null;
  const written = await verifiedOf(jwsAsWritten(pdf));
  const found = written.length > 0 || !mayBeSavedAnew ? written : await verifiedOf(await jwsAttached(pdf));
  const [first] = found;
  if (first === undefined) return null;
  const judged = judge(first, judging);
  return found.length === 1 ? judged : { ...judged, problems: ['several', ...judged.problems] };
}

/** Named like one of ours, but without anything in it. */
export const NOT_SIGNED: JudgedDocument = {
  problems: ['not-signed'],
  facts: null,
  signer: null,
  signerDetail: null,
  language: null,
};

async function verifiedOf(candidates: readonly FoundJws[]): Promise<Found[]> {
  const all = await Promise.all(
    candidates.map(async (each) => ({ ...each, verified: await verifyJws(each.jws) })),
  );
  return all.filter((each): each is Found => each.verified.status !== 'something-else');
}

function judge({ verified, pdfSha256 }: Found, judging: Judging): JudgedDocument {
  switch (verified.status) {
    case 'unreadable':
      return { ...NOT_SIGNED, problems: ['signature-wrong'] };
    case 'wrong':
    case 'other-version': {
      const problem = verified.status === 'wrong' ? 'signature-wrong' : verified.status;
      return { ...NOT_SIGNED, problems: [problem], signer: certificateFacts(verified.certificate) };
    }
    case 'good': {
      const { facts, language, pdfSha256: signed } = verified.payload;
      const problems: CertificateProblem[] = [];
      const madeAt = new Date(facts.madeAt);
      const judgement = judgeCertificate(verified.certificate, {
        at: madeAt,
        trustAnchors: judging.trustAnchors,
        intermediates: verified.chain,
        purpose: 'sign',
        organisation: facts.organisation.domain,
      });
      if (!judgement.ok) problems.push(judgement.because);
      // Of a mail from outside it tells who opened it, and nothing of who wrote it.
      else if (facts.direction !== 'inbound' && !speaksForAll(verified.certificate, facts.from))
        problems.push('other-organisation');
      // What it is called and what it says would differ.
      if ((facts.direction === 'inbound') !== (facts.summary.kind === 'received'))
        problems.push('other-version');
      if (madeAt.getTime() > judging.at.getTime() + SKEW_MS) problems.push('from-the-future');
      if (signed !== pdfSha256) problems.push('document-changed');
      const signer = certificateFacts(verified.certificate);
      return { problems, facts, language, signer, signerDetail: judgement.ok ? null : judgement.detail };
    }
  }
}
