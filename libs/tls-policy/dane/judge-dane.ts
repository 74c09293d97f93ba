// SPDX-License-Identifier: Apache-2.0
import { certificateOf, findPath, UnreadableCertificateError, type Certificate } from '@securemail/smime';
import { DANE_EE, DANE_TA, describes, type Tlsa } from './tlsa.ts';

export interface DaneQuestion {
  /** Usable records, which DNSSEC proves. */
  tlsa: readonly Tlsa[];
  /** Host names, one of which a certificate under a named authority must carry. */
  names: readonly string[];
  at: Date;
}

/** id-kp-serverAuth, RFC 5280 §4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/**
 * Judges the certificates that a mail server has shown, its own first, by its TLSA records (RFC 7672 §3.1). By DANE-EE
 * its own certificate counts, whatever name or date stands in it; by DANE-TA a path (RFC 5280) to the authority that the
 * record describes, which the server must have sent along, and its name. Written by hand: the libraries there are
 * check neither path nor name.
 */
export const judgeDane = (chain: readonly Buffer[], question: DaneQuestion): boolean =>
  daneFault(chain, question) === null;

/** Why a certificate proves nothing: no record describes it; or under an authority that one describes, another reason. */
export type DaneFault = 'not-described' | 'other-name' | 'expired' | 'no-path';

/** As {@link judgeDane}; null where the certificate proves what it should. */
export function daneFault(chain: readonly Buffer[], { tlsa, names, at }: DaneQuestion): DaneFault | null {
  const [own, ...above] = read(chain);
  if (own === undefined) return 'not-described';
  const withUsage = (wanted: number) => tlsa.filter(({ usage }) => usage === wanted);
  if (withUsage(DANE_EE).some((record) => describes(record, own))) return null;
  const trustAnchors = above.filter((each) => withUsage(DANE_TA).some((record) => describes(record, each)));
  if (trustAnchors.length === 0) return 'not-described';
  if (!names.some((name) => own.x509.checkHost(name, { partialWildcards: false }) !== undefined))
    return 'other-name';
  if (findPath(own, { at, trustAnchors, intermediates: above, keyPurpose: SERVER_AUTH }).ok) return null;
  return own.x509.validToDate < at ? 'expired' : 'no-path';
}

/** What can't be read proves nothing; and without the server's own nothing is proven at all. */
function read(chain: readonly Buffer[]): Certificate[] {
  const certificates = chain.map((der) => {
    try {
      return certificateOf(der);
    } catch (error) {
      if (error instanceof UnreadableCertificateError) return null;
      throw error;
    }
  });
  return certificates[0] === null ? [] : certificates.filter((certificate) => certificate !== null);
}
