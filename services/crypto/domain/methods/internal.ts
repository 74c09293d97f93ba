// SPDX-License-Identifier: Apache-2.0
import { domainOf } from '@securemail/contracts';
import type { Method } from './method.ts';

/** It stays in own mail servers, over verified TLS. */
export const internal: Method = {
  name: 'internal',
  judge: (address, { ownDomains }) => ({
    obstacle: ownDomains.includes(domainOf(address)) ? null : 'not-an-own-domain',
  }),
  namesRecipients: false,
  tells: () => null,
  leg: {
    from: 'gateway',
    to: 'own-server',
    host: null,
    protection: { by: 'tls', protocol: null, cipher: null, verifiedBy: 'own-servers' },
  },
};
