// SPDX-License-Identifier: Apache-2.0
import { domainOf } from '@securemail/contracts';
import type { Method } from './method.ts';

/** Over TLS to mail servers that have proven that they are the recipient's (decision 16). */
export const tls: Method = {
  name: 'tls',
  asks: { about: domainOf, unanswered: 'tls-lookup-failed' },
  judge: (_address, _around, answer) => ({ obstacle: answer }),
  // Who else gets it stands in the envelope of SMTP (RFC 5321 §7.2).
  namesRecipients: true,
  tells(obstacle, beside) {
    if (obstacle === 'domain-not-found') return 'first';
    if (obstacle !== 'tls-lookup-failed') return null;
    // Where DNS knows neither, that it answers again is the one thing that would help.
    return beside['smime-personal'] === 'certificate-lookup-failed' ? 'first' : 'last';
  },
  leg: {
    from: 'gateway',
    to: 'recipient-server',
    host: null,
    protection: { by: 'tls', protocol: null, cipher: null, verifiedBy: 'enforced' },
  },
};
