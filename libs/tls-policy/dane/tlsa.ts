// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Certificate } from '@securemail/smime';

/** A TLSA record (RFC 6698 §2.1), or an SMIMEA record, which has its form (RFC 8162 §2). */
export interface Tlsa {
  usage: number;
  selector: number;
  matchingType: number;
  data: Buffer;
}

/** RFC 7218. Those that lean on public authorities are unusable for mail servers (RFC 7672 §3.1.3). */
export const PKIX_TA = 0;
export const PKIX_EE = 1;
export const DANE_TA = 2;
export const DANE_EE = 3;

const DIGEST_OCTETS: Partial<Record<number, number>> = { 1: 32, 2: 64 };

/** The records that say something about a mail server. */
export const usableTlsa = (records: readonly Tlsa[]): Tlsa[] => usable(records, [DANE_TA, DANE_EE]);

/** The records that say something about the certificates of a mailbox (RFC 8162 §5). */
export const usableSmimea = (records: readonly Tlsa[]): Tlsa[] =>
  usable(records, [PKIX_TA, PKIX_EE, DANE_TA, DANE_EE]);

/**
 * What is not understood is passed over; of those with one usage and selector only the strongest digest counts
 * (RFC 7671 §9), beside whole certificates and keys.
 */
function usable(records: readonly Tlsa[], usages: readonly number[]): Tlsa[] {
  const known = records.filter(
    ({ usage, selector, matchingType, data }) =>
      usages.includes(usage) &&
      (selector === 0 || selector === 1) &&
      (matchingType === 0 ? data.length > 0 : data.length === DIGEST_OCTETS[matchingType]),
  );
  return known.filter(
    (record) =>
      record.matchingType !== 1 ||
      !known.some(
        ({ usage, selector, matchingType }) =>
          usage === record.usage && selector === record.selector && matchingType === 2,
      ),
  );
}

/** Whether a record describes that certificate. */
export function describes({ selector, matchingType, data }: Tlsa, { der, x509 }: Certificate): boolean {
  const selected = selector === 0 ? der : x509.publicKey.export({ type: 'spki', format: 'der' });
  if (matchingType === 0) return data.equals(selected);
  return data.equals(
    createHash(matchingType === 1 ? 'sha256' : 'sha512')
      .update(selected)
      .digest(),
  );
}
