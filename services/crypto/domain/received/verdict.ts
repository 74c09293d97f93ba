// SPDX-License-Identifier: Apache-2.0
import type { DataOf, Reservation, Verdict } from '@securemail/contracts';
import {
  compareSenders,
  readMailbox,
  sameMailbox,
  type CertificateFault,
  type OpenedMessage,
  type SenderComparison,
  type SenderProblem,
  type Signature,
  type SignedLayer,
} from '@securemail/smime';
import { isFatal, reservationsOf } from './reservations.ts';

/** What is known of a signer's certificate at the time of receipt. */
export interface Standing {
  /** `expired-since`: it held when it was signed, as the signer says. */
  fault: CertificateFault | 'expired-since' | null;
  /** `not-offered`: it names nobody who could be asked. Null: it was not asked, as it counts for nothing anyway. */
  revocation: 'good' | 'revoked' | 'unknown' | 'not-offered' | null;
  /** It is one of the organisation of this domain, whoever of it wrote. */
  organisation: string | null;
}

/** One signature of a mail, and what became of it. */
export interface JudgedSignature {
  layer: number;
  signature: Signature;
  standing: Standing | null;
  verdict: Verdict;
  reservations: readonly Reservation[];
  /** Whose it is; null where it names nobody whom the mail is from. */
  signer: 'person' | 'organisation' | null;
}

export interface Judged {
  verdict: Verdict;
  /** Of the signature that counts, and of everything else. */
  reservations: readonly Reservation[];
  signatures: readonly JudgedSignature[];
  /** The best of the innermost signatures: who signs further out need not know the content. Null where nobody signed. */
  counting: JudgedSignature | null;
  senders: SenderComparison;
}

export type Opened = Pick<
  OpenedMessage<unknown>,
  'layers' | 'header' | 'contentHeader' | 'headerProtection' | 'closedParts'
>;

export interface JudgingFacts {
  /** By signature; absent where it has no certificate, or does not verify. */
  standings: ReadonlyMap<Signature, Standing>;
  /** DMARC says that it is not from where From says. */
  authenticationFailed: boolean;
}

/** The verdict on who wrote a mail: pure, and never better than the worst of what it rests on. */
export function judge(opened: Opened, { standings, authenticationFailed }: JudgingFacts): Judged {
  const senders = compareSenders(opened);
  const innermost = opened.layers.findLastIndex(({ kind }) => kind === 'signed');
  const signatures = opened.layers.flatMap((layer, depth) =>
    layer.kind === 'signed'
      ? layer.signatures.map((signature) =>
          judgeSignature(signature, {
            depth,
            layer,
            standing: standings.get(signature) ?? null,
            from: shownFrom(senders, opened),
            senders: depth === innermost ? senders : null,
          }),
        )
      : [],
  );
  const counting = best(signatures.filter(({ layer }) => layer === innermost));
  const ofContent: Reservation[] = [
    ...opened.layers.flatMap((layer) => (layer.kind === 'encrypted' ? reservationsOf(layer.problems) : [])),
    // Of an attached mail, which people forward as a matter of course, the reader sees that it is another one.
    ...(opened.closedParts.includes('in-message') ? (['not-at-the-top'] as const) : []),
  ];
  if (innermost < 0) {
    const way: Reservation[] = [
      ...(senders.problems.includes('from-differs') ? (['from-differs'] as const) : []),
      ...(authenticationFailed ? (['authentication-failed'] as const) : []),
    ];
    return {
      verdict: 'not-signed',
      reservations: distinct([...ofContent, ...way]),
      signatures,
      counting: null,
      senders,
    };
  }
  if (counting === null) {
    const layer = opened.layers[innermost];
    const problems = layer?.kind === 'signed' ? reservationsOf(layer.problems) : [];
    const reservations = distinct<Reservation>(['signature-missing', ...problems, ...ofContent]);
    return { verdict: 'invalid', reservations, signatures, counting, senders };
  }
  const reservations = distinct([...counting.reservations, ...ofContent]);
  const verdict = counting.verdict === 'valid' && reservations.length > 0 ? 'valid-but' : counting.verdict;
  return { verdict, reservations, signatures, counting, senders };
}

interface SignatureFacts {
  depth: number;
  layer: SignedLayer;
  standing: Standing | null;
  from: string | null;
  /** Null for a signature further out, of which nobody says that the sender made it. */
  senders: SenderComparison | null;
}

function judgeSignature(
  signature: Signature,
  { depth, layer, standing, from, senders }: SignatureFacts,
): JudgedSignature {
  const signer = senders === null ? null : signerOf(signature, standing, from);
  const reservations = distinct([
    ...signature.problems,
    ...reservationsOf(layer.problems),
    ...ofStanding(standing),
    // Of one that does not verify nothing is known, and so not either that it is somebody else's.
    ...(senders === null || !signature.verified ? [] : ofSenders(senders, signer)),
  ]);
  const holds = standing?.fault === null || standing?.fault === 'expired-since';
  const sound = signature.verified && holds && !reservations.some(isFatal);
  return {
    layer: depth,
    signature,
    standing,
    signer,
    reservations: sound || reservations.length > 0 ? reservations : ['signature-wrong'],
    verdict: !sound ? 'invalid' : reservations.length > 0 ? 'valid-but' : 'valid',
  };
}

/**
 * The only From there is, which mail programs show: the one inside counts where the content says that it protects its
 * header, as only then it takes the place of the other.
 */
export const shownFrom = (
  { inner, outer }: SenderComparison,
  { headerProtection }: Pick<Opened, 'headerProtection'>,
): string | null => {
  const { from } = headerProtection === null ? outer : (inner ?? outer);
  return from.length === 1 ? (from[0] ?? null) : null;
};

function signerOf(
  { verified, certificate }: Signature,
  standing: Standing | null,
  from: string | null,
): JudgedSignature['signer'] {
  if (!verified || certificate === null || from === null) return null;
  if (certificate.emails.some((email) => sameMailbox(email, from))) return 'person';
  const domain = readMailbox(from)?.domain ?? null;
  return domain !== null && standing?.organisation === domain ? 'organisation' : null;
}

/** Each signer is compared by himself: another one who is the sender vouches for nobody. */
function ofSenders(senders: SenderComparison, signer: JudgedSignature['signer']): SenderProblem[] {
  const ofSigner = (problem: string) => problem === 'from-not-signer' || problem === 'sender-is-signer';
  const others = senders.problems.filter((problem) => !ofSigner(problem));
  const mismatch: SenderProblem = senders.problems.includes('sender-is-signer')
    ? 'sender-is-signer'
    : 'from-not-signer';
  return [...(signer === null ? [mismatch] : []), ...others];
}

function ofStanding(standing: Standing | null): Reservation[] {
  if (standing === null) return [];
  const { fault, revocation } = standing;
  const found: Reservation[] =
    fault === null ? [] : [fault === 'expired-since' ? 'certificate-expired' : fault];
  if (revocation === 'revoked') found.push('certificate-revoked');
  if (revocation === 'unknown') found.push('revocation-unknown');
  return found;
}

const RANK: readonly Verdict[] = ['valid', 'valid-but', 'invalid', 'not-signed'];

function best(signatures: readonly JudgedSignature[]): JudgedSignature | null {
  const order = (each: JudgedSignature) => RANK.indexOf(each.verdict) * 100 + each.reservations.length;
  return signatures.toSorted((a, b) => order(a) - order(b))[0] ?? null;
}

const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)];

/** As `EmailOpened` tells a signature. */
export const signatureInEvent = ({
  layer,
  signature,
  verdict,
  reservations,
}: JudgedSignature): DataOf<'EmailOpened'>['signatures'][number] => ({
  layer,
  algorithm: signature.algorithm,
  digest: signature.digest,
  certificateSha256: signature.certificate?.sha256 ?? null,
  signedAt: dateInEvent(signature.signingTime),
  verdict,
  reservations: [...reservations],
});

/** What a stranger calls a time need not be one. */
const dateInEvent = (date: Date | null): string | null =>
  date === null || Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? null : date.toISOString();
