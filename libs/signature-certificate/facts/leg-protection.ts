// SPDX-License-Identifier: Apache-2.0
import type { TlsFacts } from '@securemail/contracts';
import type { LegProtection } from './facts.ts';

/** How a connection protects a leg; null: it was not encrypted. */
export function legProtection(tls: TlsFacts | null): LegProtection {
  if (tls === null) return { by: 'none' };
  const { protocol, cipher, verified, policy } = tls;
  return { by: 'tls', protocol, cipher, verifiedBy: verified ? (policy ?? 'own-servers') : null };
}
