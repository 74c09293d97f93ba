// SPDX-License-Identifier: Apache-2.0
import { domainOf } from '@securemail/contracts';
import { judgeCertificateMethod, tellsOfCertificates } from './for-certificate.ts';
import type { Method } from './method.ts';

/** Tunnel mail: signed, and encrypted for a certificate of the recipient's organisation. */
export const smimeDomain: Method = {
  name: 'smime-domain',
  judge: (address, around) => judgeCertificateMethod(around.organisation(domainOf(address)), around),
  namesRecipients: true,
  tells: tellsOfCertificates,
  leg: { from: 'gateway', to: 'recipient-server', host: null, protection: { by: 'smime' } },
};
