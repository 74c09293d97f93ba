// SPDX-License-Identifier: Apache-2.0
import { DerError, readDer } from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import { readTime } from '../../asn1/read-time.ts';
import type { Certificate } from '../certificate.ts';
import type { Extension } from '../extensions.ts';
import { nameKey, readDistinguishedName } from '../names/distinguished-name.ts';
import { verifySigned, type Signed, type SignatureVerdict } from '../signed.ts';
import { findCrlEntry, readCrlEntry, type Crl } from './crl.ts';
import {
  ALL_REASONS,
  readDistributionPoints,
  readIssuingDistributionPoint,
  type DistributionPoint,
} from './distribution-point.ts';
import { revokedBy, staleness, unknown, type Moments, type RevocationVerdict } from './verdict.ts';

/**
 * What lists say of a certificate (RFC 5280 §6.3). A list counts that its issuer signed with the key that signed the
 * certificate, that is fresh, and that is about such certificates. It is good only where the lists together are about
 * every reason.
 *
 * Indirect lists and those under another key are not believed, deltas are not used: each only ever makes *unknown* of what
 * might have been known. For one that has expired, a list says nothing unless it tells that it keeps such ones (X.509
 * expiredCertsOnCRL).
 */
export function judgeByCrls(
  certificate: Certificate,
  issuer: Certificate,
  crls: readonly Crl[],
  moments: Moments,
): RevocationVerdict {
  let covered = 0;
  let why = 'there is no list';
  for (const crl of crls) {
    const said = readOrDoubt(() => judgeByOne(certificate, issuer, crl, moments));
    if ('why' in said) why = said.why;
    else if (said.verdict !== null) return said.verdict;
    else covered |= said.reasons;
  }
  if (covered === ALL_REASONS) return { status: 'good' };
  return unknown(covered === 0 ? why : 'the lists are not about every reason');
}

/** A verdict where the certificate is listed; else the reasons for which it would be. */
type Said =
  | { readonly verdict: RevocationVerdict }
  | { readonly verdict: null; readonly reasons: number }
  | { readonly why: string };

function readOrDoubt(judge: () => Said): Said {
  try {
    return judge();
  } catch (error) {
    if (error instanceof DerError) return { why: 'a list cannot be read' };
    throw error;
  }
}

function judgeByOne(certificate: Certificate, issuer: Certificate, crl: Crl, moments: Moments): Said {
  const name = nameKey(readDistinguishedName(readDer(certificate.issuer)));
  if (crl.issuerKey !== name) return { why: 'a list is of another issuer' };
  if (crl.extensions.has(OID.deltaCrlIndicator)) return { why: 'a list is only a delta' };
  if (hasUnknown(crl.extensions, CRL_EXTENSIONS)) return { why: 'a list says what is not known here' };
  const reasons = reasonsOf(certificate, crl);
  if (reasons === 0) return { why: 'a list is not about such certificates' };
  if (issuer.keyUsage?.has('cRLSign') === false) return { why: 'the issuer may not sign lists' };
  if (signatureOf(crl.signed, issuer) !== 'good') return { why: 'a list is not signed by the issuer' };
  const stale = staleness(crl.thisUpdate, crl.nextUpdate, moments.now);
  if (stale !== null) return { why: `a list does not count: ${stale}` };
  return judgeByEntry(certificate, crl, reasons, moments);
}

function judgeByEntry(certificate: Certificate, crl: Crl, reasons: number, moments: Moments): Said {
  const listed = findCrlEntry(crl, readDer(certificate.serial).content);
  if (listed === null) {
    return moments.now <= certificate.notAfter || keepsExpired(crl, certificate)
      ? { verdict: null, reasons }
      : { why: 'it has expired, and the list need not keep it' };
  }
  const entry = readCrlEntry(listed);
  if (hasUnknown(entry.extensions, ENTRY_EXTENSIONS)) return { why: 'a list says what is not known here' };
  // Only deltas have such entries; a full one that has it says nothing that can be relied upon.
  if (entry.reason === 'removeFromCRL') return { why: 'a list takes back what it never said' };
  return { verdict: revokedBy(entry.reason, entry.since, moments) };
}

const CRL_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.issuingDistributionPoint,
  OID.crlNumber,
  OID.authorityKeyIdentifier,
  OID.expiredCertsOnCrl,
]);
const ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([OID.reasonCode, OID.invalidityDate]);

const hasUnknown = (extensions: ReadonlyMap<string, Extension>, known: ReadonlySet<string>) =>
  [...extensions].some(([id, { critical }]) => critical && !known.has(id));

/** @returns the reasons for which the list names such a certificate; 0 where it is about others. */
function reasonsOf(certificate: Certificate, crl: Crl): number {
  const points = pointsOf(certificate);
  const own = crl.extensions.get(OID.issuingDistributionPoint);
  if (own === undefined) return points.length === 0 ? ALL_REASONS : reasonsAt(points, null);
  const scope = readIssuingDistributionPoint(readDer(own.value), crl.issuer);
  const kind = certificate.authority === null ? 'people' : 'authorities';
  if (scope.isIndirect || (scope.onlyFor !== null && scope.onlyFor !== kind)) return 0;
  const reachable = points.length === 0 ? [issuersOwn(certificate)] : points;
  return scope.reasons & reasonsAt(reachable, scope.names);
}

const reasonsAt = (points: readonly DistributionPoint[], names: readonly string[] | null): number =>
  points
    .filter(
      (point) =>
        !point.isIndirect &&
        (names === null || point.names === null || point.names.some((name) => names.includes(name))),
    )
    .reduce((all, { reasons }) => all | reasons, 0);

/** Where a certificate names no point, its issuer's own list is meant (RFC 5280 §6.3.3). */
const issuersOwn = ({ issuer }: Certificate): DistributionPoint => ({
  names: [JSON.stringify(readDistinguishedName(readDer(issuer)))],
  addresses: [],
  reasons: ALL_REASONS,
  isIndirect: false,
});

/** The points where lists about a certificate are said to be. @throws DerError */
export function pointsOf(certificate: Certificate): DistributionPoint[] {
  const points = certificate.extensions.get(OID.crlDistributionPoints);
  if (points === undefined) return [];
  return readDistributionPoints(readDer(points.value), readDistinguishedName(readDer(certificate.issuer)));
}

function keepsExpired(crl: Crl, { notAfter }: Certificate): boolean {
  const kept = crl.extensions.get(OID.expiredCertsOnCrl);
  return kept !== undefined && readTime(readDer(kept.value)) <= notAfter;
}

const signatures = new WeakMap<Signed, Map<string, SignatureVerdict>>();

/** Whether that issuer signed a list. One of some megabytes is verified once, not for each mail. */
export function signatureOf(list: Signed, issuer: Certificate): SignatureVerdict {
  const known = signatures.get(list) ?? new Map<string, SignatureVerdict>();
  signatures.set(list, known);
  const verdict = known.get(issuer.sha256) ?? verifySigned(list, issuer.x509.publicKey);
  known.set(issuer.sha256, verdict);
  return verdict;
}
