// SPDX-License-Identifier: Apache-2.0
import type { DomainTls } from '@securemail/tls-policy';
import type { Finding } from './methods/method.ts';

/** What stands in the way of enforced TLS to a domain; null where nothing does. */
export function tlsFinding(tls: DomainTls): Finding {
  switch (tls.kind) {
    case 'enforceable':
      return null;
    case 'not-enforceable':
      return 'tls-not-enforceable';
    case 'no-mail':
      return 'domain-not-found';
    case 'lookup-failed':
      return 'tls-lookup-failed';
    default:
      return tls satisfies never;
  }
}
