// SPDX-License-Identifier: Apache-2.0
import { DerError, octetString, readDer } from '../../asn1/der.ts';
import { OID } from '../../asn1/oids.ts';
import { readTime } from '../../asn1/read-time.ts';
import { UnreadableCertificateError } from '../../errors.ts';
import { certificateOf, type Certificate } from '../certificate.ts';
import { validatePath } from '../path/validate-path.ts';
import { verifySigned } from '../signed.ts';
import { certificateId, publicKeyOf, sha1 } from './ocsp-request.ts';
import type { OcspAnswer, OcspResponse } from './ocsp-response.ts';
import { revokedBy, staleness, unknown, type Moments, type RevocationVerdict } from './verdict.ts';

/** Who sends a hundred certificates gets two of them looked at. */
const MAX_RESPONDERS = 2;

/**
 * What an OCSP responder says of a certificate (RFC 6960 §3.2). It counts where the issuer of the certificate signed it,
 * or somebody to whom that issuer itself gave a certificate with id-kp-OCSPSigning and id-pkix-ocsp-nocheck (without
 * the latter, somebody would have to be asked about the responder in turn), while it is fresh.
 *
 * An answer without our nonce is believed while it is fresh, as most responders sign answers ahead (RFC 8954 §2.1);
 * one with another nonce is not. For a certificate that has expired, good counts only with an archive cutoff before.
 */
export function judgeByOcsp(
  certificate: Certificate,
  issuer: Certificate,
  response: OcspResponse,
  { nonce, ...moments }: Moments & { nonce: Buffer | null },
): RevocationVerdict {
  const given = response.extensions.get(OID.ocspNonce);
  if (given !== undefined && nonce !== null && !given.value.equals(octetString(nonce))) {
    return unknown('the answer is to another question');
  }
  const id = certificateId(certificate, issuer);
  const answer = answerAbout(response, id);
  if (answer === undefined) return unknown('the answer is about another certificate');
  const isKnown = [...response.extensions, ...answer.extensions].every(([, { critical }]) => !critical);
  if (!isKnown) return unknown('the answer says what is not known here');
  const key = signerOf(response, issuer, moments.now);
  if (key === null) return unknown('the answer is of somebody who may not give it');
  if (verifySigned(response.signed, key.x509.publicKey) !== 'good') {
    return unknown('the answer is not signed as it should be');
  }
  const stale = staleness(answer.thisUpdate, holdsUntil(answer), moments.now);
  if (stale !== null) return unknown(`the answer does not count: ${stale}`);
  return judgeStatus(certificate, answer, response, moments);
}

export const answerAbout = ({ answers }: OcspResponse, id: Buffer): OcspAnswer | undefined =>
  answers.find((each) => each.id.bytes.equals(id));

/** The same response without what nobody will ask it: other answers, and certificates that are not looked at. */
export const onlyAbout = (response: OcspResponse, id: Buffer): OcspResponse => ({
  ...response,
  answers: response.answers.filter((each) => each.id.bytes.equals(id)).slice(0, 1),
  certificates: response.certificates.slice(0, MAX_RESPONDERS),
});

/** An answer without nextUpdate is for now (RFC 6960 §4.2.2.1): so many milliseconds. */
const NOW = 60 * 60 * 1000;
export const holdsUntil = ({ thisUpdate, nextUpdate }: OcspAnswer): Date =>
  nextUpdate ?? new Date(thisUpdate.getTime() + NOW);

function judgeStatus(
  certificate: Certificate,
  { status, extensions }: OcspAnswer,
  response: OcspResponse,
  moments: Moments,
): RevocationVerdict {
  if (status === null) return unknown('the responder does not know the certificate');
  if (status !== 'good') return revokedBy(status.reason, status.since, moments);
  if (moments.now <= certificate.notAfter) return { status: 'good' };
  const cutoff = extensions.get(OID.ocspArchiveCutoff) ?? response.extensions.get(OID.ocspArchiveCutoff);
  return cutoff !== undefined && readTime(readDer(cutoff.value)) <= certificate.notAfter
    ? { status: 'good' }
    : unknown('it has expired, and the responder need not know it any more');
}

function signerOf(response: OcspResponse, issuer: Certificate, now: Date): Certificate | null {
  const isResponder = ({ responder }: OcspResponse, each: Certificate) =>
    'name' in responder
      ? responder.name.equals(each.subject)
      : responder.keyHash.equals(sha1(publicKeyOf(each)));
  if (isResponder(response, issuer)) return issuer;
  const delegates = response.certificates.slice(0, MAX_RESPONDERS).flatMap(readable);
  return (
    delegates.find(
      (each) =>
        isResponder(response, each) &&
        each.extendedKeyUsage?.includes(OID.ocspSigning) === true &&
        each.keyUsage?.has('digitalSignature') !== false &&
        each.extensions.has(OID.ocspNoCheck) &&
        validatePath([issuer, each], { at: now }).ok,
    ) ?? null
  );
}

function readable(bytes: Buffer): Certificate[] {
  try {
    return [certificateOf(bytes)];
  } catch (error) {
    if (error instanceof UnreadableCertificateError || error instanceof DerError) return [];
    throw error;
  }
}
