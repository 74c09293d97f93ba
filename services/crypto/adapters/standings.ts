// SPDX-License-Identifier: Apache-2.0
import { domainOf, type Address } from '@securemail/contracts';
import {
  findPath,
  judgeCertificate,
  readMailbox,
  revocationSources,
  type Certificate,
  type RevocationChecker,
  type Signature,
} from '@securemail/smime';
import type { Directory } from '../domain/directory.ts';
import type { Judged } from '../domain/judged.ts';
import type { Opened, Standing } from '../domain/received/verdict.ts';

export interface StandingSources {
  /** As it is for whom the mail says that it is from. */
  directory: Directory;
  /** Null: nobody is asked about revocation. */
  revocation: RevocationChecker | null;
  /** When the mail was received. */
  at: Date;
  /** The only address in From; null where it is not plainly one. */
  from: Address | null;
}

/** What is known here of whom a mail is from, and of his organisation. */
export const knownOf = (from: Address, directory: Directory, at: Date): Judged[] => [
  ...directory.judged({ kind: 'person', name: from.toLowerCase(), address: from }, at),
  ...directory.judged({ kind: 'organisation', name: domainOf(from) }, at),
];

const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';

/** What is known of the certificate of each signature that verifies: whether it holds, was revoked, and whose it is. */
export async function standingsOf(
  { layers }: Opened,
  sources: StandingSources,
): Promise<ReadonlyMap<Signature, Standing>> {
  const { directory, at, from } = sources;
  // Authorities that did not come along may be known here: they prove nothing by themselves.
  const chains = from === null ? [] : knownOf(from, directory, at).flatMap(({ chain }) => chain);
  const signatures = layers
    .filter((layer) => layer.kind === 'signed')
    .flatMap((layer) => layer.signatures.map((signature) => ({ layer, signature })));
  const found = await Promise.all(
    signatures.map(async ({ layer, signature }) => {
      const { verified, certificate } = signature;
      if (!verified || certificate === null) return [];
      return [
        [
          signature,
          await standingOf(certificate, signature, [...layer.certificates, ...chains], sources),
        ] as const,
      ];
    }),
  );
  return new Map(found.flat());
}

async function standingOf(
  certificate: Certificate,
  { signingTime }: Signature,
  intermediates: readonly Certificate[],
  { directory, revocation, at, from }: StandingSources,
): Promise<Standing> {
  const trustAnchors = directory.anchorsFor(certificate);
  const question = { trustAnchors, intermediates, purpose: 'sign' as const };
  const faultAt = (moment: Date) => {
    const judgement = judgeCertificate(certificate, { ...question, at: moment });
    return judgement.ok ? null : judgement.because;
  };
  const organisation = organisationOf(certificate, from, directory, at);
  const now = faultAt(at);
  const sooner = signingTime !== null && signingTime < at ? signingTime : null;
  const heldThen = now === 'certificate-expired' && sooner !== null && faultAt(sooner) === null;
  const fault = heldThen ? 'expired-since' : now;
  const used = heldThen ? sooner : at;
  if (fault !== null && fault !== 'expired-since') return { fault, revocation: null, organisation };
  const found = findPath(certificate, {
    trustAnchors,
    intermediates,
    at: used,
    keyPurpose: EMAIL_PROTECTION,
  });
  if (!found.ok) return { fault: 'certificate-untrusted', revocation: null, organisation };
  // What was learned of it before the mail was received comes before what its issuer says; of what was learned since then
  // the issuer alone knows since when it is so.
  const known = directory.stored({ kind: 'person', name: from ?? '' }).checks.get(certificate.sha256);
  const isRevoked = known?.status === 'revoked';
  const asked =
    isRevoked && known.checkedAt <= at ? 'revoked' : await revocationOf(found.path, used, revocation);
  const status = isRevoked && asked !== 'good' ? 'revoked' : asked;
  return { fault, revocation: status, organisation };
}

async function revocationOf(
  path: readonly Certificate[],
  at: Date,
  checker: RevocationChecker | null,
): Promise<Standing['revocation']> {
  if (!path.slice(1).some(namesSomebodyToAsk)) return 'not-offered';
  if (checker === null) return 'unknown';
  const { verdict } = await checker.judge(path, { at, whenUnknown: 'accept' });
  return verdict.status;
}

function namesSomebodyToAsk(certificate: Certificate): boolean {
  try {
    const { ocsp, crls } = revocationSources(certificate);
    return ocsp.length + crls.length > 0;
  } catch {
    // What can't be read may have named somebody.
    return true;
  }
}

/** It names the sender's domain itself, or is known here as the one of his organisation. */
function organisationOf(
  certificate: Certificate,
  from: string | null,
  directory: Directory,
  at: Date,
): string | null {
  const domain = from === null ? null : (readMailbox(from)?.domain ?? null);
  if (domain === null) return null;
  if (certificate.domains.some((each) => each.toLowerCase() === domain)) return domain;
  const known = directory.judged({ kind: 'organisation', name: domain }, at);
  return known.some((each) => each.certificate.sha256 === certificate.sha256) ? domain : null;
}
