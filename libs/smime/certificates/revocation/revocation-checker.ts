// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Certificate } from '../certificate.ts';
import { readSigned } from '../signed.ts';
import { answerCache, type Loaded } from './answer-cache.ts';
import { crlOf, type Crl } from './crl.ts';
import { httpFetcher, type RevocationFetcher } from './http-fetcher.ts';
import { judgeByCrls, signatureOf } from './judge-by-crls.ts';
import { answerAbout, holdsUntil, judgeByOcsp, onlyAbout } from './judge-by-ocsp.ts';
import { certificateId, ocspRequest } from './ocsp-request.ts';
import { readOcspResponse, type OcspResponse } from './ocsp-response.ts';
import { revocationSources } from './sources.ts';
import { staleness, unknown, type Moments, type RevocationVerdict } from './verdict.ts';

export interface RevocationSettings {
  /** @default httpFetcher() */
  readonly fetcher?: RevocationFetcher | undefined;
  /** Room for answers, in octets. @default 64 MiB */
  readonly cacheOctets?: number | undefined;
  /** For how long an answer is used at most before it is asked for again, in ms; less where it says so. @default 1 h */
  readonly cacheMilliseconds?: number | undefined;
}

export interface RevocationQuestion {
  /** When the certificates were used; any moment of the past. */
  readonly at: Date;
  /** @default the clock */
  readonly now?: Date | undefined;
  /** What to do where nobody tells: to go on, as most mail programs do, or to stop. */
  readonly whenUnknown: 'accept' | 'refuse';
}

export interface PathRevocation {
  /** Whether to use the path: no certificate is revoked, and none unknown or that is accepted. */
  readonly ok: boolean;
  /** Of the path: revoked if any is, else unknown if any is. */
  readonly verdict: RevocationVerdict;
  /** Whose verdict it is; null where all are good. */
  readonly certificate: Certificate | null;
}

export interface RevocationChecker {
  /**
   * Whether a certificate of a path was revoked; see `findPath`. Its anchor is not asked about: it is trusted because the
   * caller says so. Never rejects over what others answer, or do not.
   *
   * @throws TypeError for an empty path: it would pass for a good one.
   */
  judge(path: readonly Certificate[], question: RevocationQuestion): Promise<PathRevocation>;
}

/** After a failure nobody is asked again for so long, in ms: else each mail would wait for the same dead server. */
const PATIENCE = 60_000;

/**
 * Octets of an answer about one certificate; with the longest keys it has some ten thousand. What comes with it is read
 * before it is known who signed it, and takes a hundred times its octets in memory.
 */
const MAX_OCSP_OCTETS = 64 * 1024;
/** What the objects of an answer take beside its octets, about. */
const OBJECT_OCTETS = 4 * 1024;

/** Asks OCSP responders first, then for revocation lists, and remembers what they say; one for all is enough. */
export function revocationChecker(settings: RevocationSettings = {}): RevocationChecker {
  const { fetcher = httpFetcher(), cacheOctets = 64 * 1024 * 1024, cacheMilliseconds = 3_600_000 } = settings;
  const answers = answerCache<OcspResponse>(cacheOctets / 4, PATIENCE);
  const lists = answerCache<Crl>((cacheOctets / 4) * 3, PATIENCE);
  const keep = <T>(value: T, octets: number, end: Date, now: Date): Loaded<T> => ({
    value,
    octets: octets + OBJECT_OCTETS,
    until: new Date(Math.min(now.getTime() + cacheMilliseconds, end.getTime())),
  });

  const askResponder = async (
    address: string,
    certificate: Certificate,
    issuer: Certificate,
    moments: Moments,
  ) => {
    const id = certificateId(certificate, issuer);
    const response = await answers.get(`${address} ${id.toString('base64')}`, moments.now, async () => {
      const nonce = randomBytes(32);
      const bytes = await fetcher.fetch(address, ocspRequest(id, nonce));
      if (bytes.length > MAX_OCSP_OCTETS) throw new Error('the answer is too long');
      const read = readOcspResponse(bytes);
      const verdict = judgeByOcsp(certificate, issuer, read, { ...moments, nonce });
      if (verdict.status === 'unknown') throw new Error(verdict.why);
      const answer = answerAbout(read, id);
      const end = answer === undefined ? moments.now : holdsUntil(answer);
      return keep(onlyAbout(read, id), bytes.length, end, moments.now);
    });
    return judgeByOcsp(certificate, issuer, response, { ...moments, nonce: null });
  };

  const list = (address: string, issuer: Certificate, now: Date) =>
    lists.get(`${address} ${issuer.sha256}`, now, async () => {
      const bytes = await fetcher.fetch(address, null);
      // Before it is read, so that only the issuer has us work. Nor is it kept for an hour else: whoever was on the way
      // then need not be so now.
      const signed = readSigned(bytes);
      if (signatureOf(signed, issuer) !== 'good') throw new Error('a list is not signed by the issuer');
      const crl = crlOf(signed);
      const stale = staleness(crl.thisUpdate, crl.nextUpdate, now);
      // A failure, so that a list that does not count is not fetched again for each mail.
      if (stale !== null) throw new Error(`a list does not count: ${stale}`);
      return keep(crl, bytes.length, crl.nextUpdate ?? now, now);
    });

  const judgeOne = async (certificate: Certificate, issuer: Certificate, moments: Moments) => {
    const sources = revocationSources(certificate);
    const doubts: string[] = [];
    for (const address of sources.ocsp) {
      const verdict = await askResponder(address, certificate, issuer, moments).catch(asUnknown);
      if (verdict.status !== 'unknown') return verdict;
      doubts.push(verdict.why);
    }
    const fetched = await Promise.allSettled(
      sources.crls.map((address) => list(address, issuer, moments.now)),
    );
    const crls = fetched.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = fetched.find((each) => each.status === 'rejected');
    const verdict =
      failed !== undefined && crls.length === 0
        ? asUnknown(failed.reason)
        : judgeByCrls(certificate, issuer, crls, moments);
    if (verdict.status !== 'unknown') return verdict;
    if (sources.crls.length > 0) doubts.push(verdict.why);
    return unknown(doubts.join('; ') || 'it does not say where to ask');
  };

  return {
    async judge(path, { at, now = new Date(), whenUnknown }) {
      if (path.length === 0) {
        throw new TypeError('a path has one certificate at least: give the path that findPath found');
      }
      const certificates = path.slice(1);
      const verdicts = await Promise.all(
        certificates.map((certificate, i) =>
          judgeOne(certificate, path[i] ?? certificate, { at, now }).catch(asUnknown),
        ),
      );
      const worst = (['revoked', 'unknown'] as const)
        .map((status) => verdicts.findIndex((verdict) => verdict.status === status))
        .find((index) => index >= 0);
      const verdict = worst === undefined ? undefined : verdicts[worst];
      if (worst === undefined || verdict === undefined)
        return { ok: true, verdict: { status: 'good' }, certificate: null };
      const ok = verdict.status === 'unknown' && whenUnknown === 'accept';
      return { ok, verdict, certificate: certificates[worst] ?? null };
    },
  };
}

/** The message of an error of ours or of node names hosts at most, never a person. */
const asUnknown = (error: unknown): RevocationVerdict =>
  unknown(error instanceof Error ? error.message : 'it failed');
