// SPDX-License-Identifier: Apache-2.0
import { judgeCertificateMethod, tellsOfCertificates } from './for-certificate.ts';
import type { Method } from './method.ts';

/** Signed, and encrypted for the person's certificate. */
export const smimePersonal: Method = {
  name: 'smime-personal',
  judge: (address, around) => judgeCertificateMethod(around.personal(address), around),
  namesRecipients: true,
  tells: tellsOfCertificates,
  leg: { from: 'gateway', to: 'recipient', host: null, protection: { by: 'smime' } },
};
