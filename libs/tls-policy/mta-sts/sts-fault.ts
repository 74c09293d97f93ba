// SPDX-License-Identifier: Apache-2.0

/** Why a policy that a domain says it has could not be had: RFC 8460 §4.3.2.2. */
export type StsFault = 'sts-policy-fetch-error' | 'sts-policy-invalid' | 'sts-webpki-invalid';

const CERTIFICATE = /CERT|SELF_SIGNED|ALTNAME|ISSUER|VERIFY/;

/** What an error of `fetchPolicy` means: `mailauth` and OpenSSL say it by their codes. */
export function stsFaultOf(error: unknown): StsFault {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code.startsWith('invalid_sts_')) return 'sts-policy-invalid';
  return CERTIFICATE.test(code) ? 'sts-webpki-invalid' : 'sts-policy-fetch-error';
}
