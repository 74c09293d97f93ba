// SPDX-License-Identifier: Apache-2.0
import type { Address } from './address.ts';
import type { Arrival, ArrivalNames } from './arrival.ts';

/**
 * The value of the field Authentication-Results (RFC 8601 §2.2) that tells what was found out about a mail from outside,
 * to be put on top of what is delivered. It holds nothing of the mail but domains; one that can stand in no such field is
 * left out.
 *
 * @param names with whom SPF was about: the sender, or where there is none the name in EHLO (RFC 7208 §2.4).
 * @param authservId who says so: the name of the gateway, of which no other such field was let in.
 */
export function authenticationResults(
  { authentication: { spf, dkim, dmarc, arc } }: Pick<Arrival, 'authentication'>,
  { mailFrom, spfDomain, dkimDomains, dmarcDomain }: ArrivalNames & { mailFrom: Address | null },
  authservId: string,
): string {
  const signatures = dkim.length === 0 ? ['dkim=none'] : [];
  return [
    authservId,
    `spf=${spf}${property('smtp', mailFrom === null ? 'helo' : 'mailfrom', spfDomain)}`,
    ...signatures,
    ...dkim.map((result, index) => `dkim=${result}${property('header', 'd', dkimDomains[index])}`),
    `dmarc=${dmarc.result}${dmarc.policy === null ? '' : ` (p=${dmarc.policy})`}${property('header', 'from', dmarcDomain)}`,
    `arc=${arc}`,
  ].join('; ');
}

/** RFC 8601 §2.2, `propspec`: about which domain; or nothing. */
const property = (type: 'smtp' | 'header', name: string, domain: string | null | undefined): string =>
  domain != null && /^[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9])?$/i.test(domain)
    ? ` ${type}.${name}=${domain}`
    : '';
