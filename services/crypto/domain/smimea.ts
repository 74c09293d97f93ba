// SPDX-License-Identifier: Apache-2.0
import { certificateOf, UnreadableCertificateError, type Certificate } from '@securemail/smime';
import { usableSmimea, type Tlsa } from '@securemail/tls-policy';

/** What DNSSEC proves of the certificates of one address (SMIMEA, RFC 8162). */
export interface Associations {
  /** Only those that say something; the others count as if they were not there. */
  records: readonly Tlsa[];
  /** Those that stand whole in the records, authorities among them. */
  certificates: readonly Certificate[];
}

export const NO_ASSOCIATIONS: Associations = { records: [], certificates: [] };

/** Records of one address that are looked at; a rollover needs a few. */
const MOST = 20;

/** What records say, the unusable ones left out: of a kind that is not known, or with a certificate that can't be read. */
export function associationsIn(records: readonly Tlsa[]): Associations {
  const read = usableSmimea(records)
    .slice(0, MOST)
    .map((record) => ({ record, certificate: isWhole(record) ? certificateIn(record) : null }))
    .filter(({ record, certificate }) => certificate !== null || !isWhole(record));
  return {
    records: read.map(({ record }) => record),
    certificates: read.flatMap(({ certificate }) => certificate ?? []),
  };
}

const isWhole = ({ selector, matchingType }: Tlsa) => selector === 0 && matchingType === 0;

function certificateIn({ data }: Tlsa): Certificate | null {
  try {
    const certificate = certificateOf(data);
    // What follows it would be part of what is compared, and of no certificate.
    return certificate.der.equals(data) ? certificate : null;
  } catch (error) {
    if (error instanceof UnreadableCertificateError) return null;
    throw error;
  }
}
