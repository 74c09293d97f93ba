// SPDX-License-Identifier: Apache-2.0
import { DerError } from '../../asn1/der.ts';
import type { Certificate } from '../certificate.ts';
import type { SignatureVerdict } from '../signed.ts';
import { pathDetailsOf } from './path-details.ts';
import type { PathFault } from './path-fault.ts';
import { checkSignature, validatePath, type PathInputs } from './validate-path.ts';

export interface PathQuestion extends PathInputs {
  /** Whom the caller trusts: authorities, or single certificates. Nobody is trusted otherwise. */
  readonly trustAnchors: readonly Certificate[];
  /** Authorities that may stand between; they prove nothing by themselves. */
  readonly intermediates?: readonly Certificate[] | undefined;
  /** Authorities between anchor and certificate. @default 8 */
  readonly maxIntermediates?: number | undefined;
  /** A path that is otherwise good is passed over where this says no, for instance over revocation. */
  readonly accept?: ((path: readonly Certificate[]) => boolean) | undefined;
}

export type FoundPath =
  | {
      readonly ok: true;
      /** From the trust anchor to the certificate; only the certificate where it is itself trusted. */
      readonly path: readonly Certificate[];
      readonly policies: ReadonlySet<string>;
    }
  | {
      readonly ok: false;
      /** What is wrong with the path that came furthest; `no-path` where no chain of names leads to an anchor. */
      readonly fault: PathFault | 'no-path' | 'not-accepted' | 'over-limit';
    };

const MAX_INTERMEDIATES = 8;
/** Whoever sends a thousand certificates that all fit each other gets so much work out of us, and no more. */
const MAX_SIGNATURES = 100;
const MAX_STEPS = 1_000;
const MAX_PATHS = 50;

/**
 * Finds a path of valid certificates from a trust anchor (RFC 4158): depth first from the certificate upwards, those
 * issuers first whose key identifier is the one that is wanted. Cross certificates and circles are no trouble: no name
 * with the same key comes twice.
 *
 * @returns the first path that holds. At most 100 signatures are checked, 1,000 issuers tried and 50 paths validated, else
 *   `over-limit`.
 */
export function findPath(certificate: Certificate, question: PathQuestion): FoundPath {
  const anchors = new Set(question.trustAnchors.map(({ sha256 }) => sha256));
  const pool = distinct([...question.trustAnchors, ...(question.intermediates ?? [])]);
  const signatures = countedSignatures();
  let steps = 0;
  let paths = 0;
  let fault: Extract<FoundPath, { ok: false }>['fault'] = 'no-path';

  const climb = (path: readonly Certificate[]): FoundPath | null => {
    const [top] = path;
    if (top === undefined) return null;
    if (anchors.has(top.sha256)) {
      paths += 1;
      const verdict = validatePath(path, question, signatures.check);
      if (!verdict.ok) fault = verdict.fault;
      else if (question.accept?.(path) === false) fault = 'not-accepted';
      else return { ok: true, path, policies: verdict.policies };
    }
    if (path.length - 1 > (question.maxIntermediates ?? MAX_INTERMEDIATES)) return null;
    for (const issuer of issuersOf(top, pool)) {
      steps += 1;
      if (steps > MAX_STEPS || paths > MAX_PATHS || signatures.left() === 0) {
        fault = 'over-limit';
        return null;
      }
      if (path.some((each) => sameEntity(each, issuer))) continue;
      const signature = signatures.check(top, issuer);
      if (signature !== 'good') {
        if (fault === 'no-path') fault = `signature-${signature}`;
        continue;
      }
      const found = climb([issuer, ...path]);
      if (found !== null) return found;
    }
    return null;
  };

  try {
    return climb([certificate]) ?? { ok: false, fault };
  } catch (error) {
    if (error instanceof DerError) return { ok: false, fault: 'malformed' };
    throw error;
  }
}

/** Certificates with the name of its issuer, the likelier ones first. */
function issuersOf(subject: Certificate, pool: readonly Certificate[]): Certificate[] {
  const { issuer, authorityKeyIdentifier } = pathDetailsOf(subject);
  const named = pool.filter((each) => subjectOf(each) === issuer);
  if (authorityKeyIdentifier === null) return named;
  const unlikely = ({ subjectKeyIdentifier }: Certificate) =>
    subjectKeyIdentifier?.equals(authorityKeyIdentifier) === true ? 0 : 1;
  return named.toSorted((a, b) => unlikely(a) - unlikely(b));
}

/** One that cannot be read issues nothing; that it lies about spoils nothing. */
function subjectOf(certificate: Certificate): string | null {
  try {
    return pathDetailsOf(certificate).subject;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

const sameEntity = (one: Certificate, other: Certificate) =>
  one.sha256 === other.sha256 ||
  (one.subject.equals(other.subject) && one.x509.publicKey.equals(other.x509.publicKey));

const distinct = (certificates: readonly Certificate[]): Certificate[] => [
  ...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values(),
];

/** Each signature is checked once, however many paths it is on. */
function countedSignatures() {
  const known = new Map<string, SignatureVerdict>();
  return {
    left: () => Math.max(0, MAX_SIGNATURES - known.size),
    check: (subject: Certificate, issuer: Certificate): SignatureVerdict => {
      const key = `${subject.sha256} ${issuer.sha256}`;
      const verdict = known.get(key) ?? checkSignature(subject, issuer);
      known.set(key, verdict);
      return verdict;
    },
  };
}
