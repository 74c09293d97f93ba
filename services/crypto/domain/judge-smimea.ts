// SPDX-License-Identifier: Apache-2.0
import { findPath, judgeCertificate, type Certificate, type Question } from '@securemail/smime';
import { DANE_EE, DANE_TA, describes, PKIX_EE, PKIX_TA, type Tlsa } from '@securemail/tls-policy';
import type { Associations } from './smimea.ts';

/** id-kp-emailProtection, RFC 5280 §4.2.1.12. */
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';

/**
 * The usage of the first record of an address that bears out a certificate; null where none does. One that does is enough
 * (RFC 6698 §4.1). The usages mean what they do for TLS (RFC 8162 §2):
 *
 * - 3 (DANE-EE): it is this one. DNSSEC alone vouches for it: no authority is asked, nor whether it names the address, as
 *   the name of the record says whose it is (RFC 7671 §5.1). It must hold today and be fit for encryption all the same;
 * - 2 (DANE-TA): a path leads to the authority that the record describes, whoever else trusts that one;
 * - 1 (PKIX-EE): it is this one, and it would be trusted without DNS;
 * - 0 (PKIX-TA): it would be trusted without DNS, by a path over the authority that the record describes.
 *
 * @param question whom the operator trusts, and the address, as for a certificate from elsewhere.
 */
export function borneOutBy(
  certificate: Certificate,
  { records, certificates }: Associations,
  question: Question,
): number | null {
  const intermediates = [...(question.intermediates ?? []), ...certificates];
  const asked = { ...question, intermediates };
  const bearsOut = (record: Tlsa): boolean => {
    switch (record.usage) {
      case DANE_EE: {
        const itself = { ...question, address: undefined, trustAnchors: [certificate] };
        return describes(record, certificate) && judgeCertificate(certificate, itself).ok;
      }
      case DANE_TA: {
        const trustAnchors = authoritiesOf([...question.trustAnchors, ...intermediates], record);
        return judgeCertificate(certificate, { ...asked, trustAnchors }).ok;
      }
      case PKIX_EE:
        return describes(record, certificate) && judgeCertificate(certificate, asked).ok;
      case PKIX_TA:
        return judgeCertificate(certificate, asked).ok && leadsOver(record, certificate, asked);
      default:
        return false;
    }
  };
  return records.find(bearsOut)?.usage ?? null;
}

const authoritiesOf = (certificates: readonly Certificate[], record: Tlsa) =>
  certificates.filter((each) => each.authority !== null && describes(record, each));

const leadsOver = (record: Tlsa, certificate: Certificate, question: Question): boolean =>
  findPath(certificate, {
    ...question,
    keyPurpose: EMAIL_PROTECTION,
    accept: (path) => authoritiesOf(path.slice(0, -1), record).length > 0,
  }).ok;
