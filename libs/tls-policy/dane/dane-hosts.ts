// SPDX-License-Identifier: Apache-2.0
import { LookupFailedError, type Answer, type Resolver } from '../dns/resolver.ts';
import type { MailServer } from '../mail-servers.ts';
import { usableTlsa, type Tlsa } from './tlsa.ts';

export type DaneOfHost =
  /** `name`: what TLS is asked for (SNI). `names`: what a certificate under a named authority may carry. */
  | { kind: 'dane'; tlsa: Tlsa[]; name: string; names: string[] }
  /** It says nothing that DNSSEC proves. */
  | { kind: 'none' }
  /** It has records and none that we can use; TLS is owed to it, and can't be verified by them. */
  | { kind: 'unusable' }
  /** Nobody can say: such a server is not used (RFC 7672 §2.2). */
  | { kind: 'failed' };

/** What a mail server says of its certificates, by RFC 7672 §2.2. */
export async function daneOf(
  { host, port, secure }: MailServer,
  domain: string,
  resolver: Resolver,
): Promise<DaneOfHost> {
  if (!resolver.validating || !secure) return { kind: 'none' };
  try {
    const addresses = await addressOf(host, resolver);
    if (addresses === null) return { kind: 'none' };
    // An alias that DNSSEC proves is asked for first, then the name that led to it (RFC 7672 §2.2.3).
    const bases = [...new Set([addresses.canonicalName.toLowerCase(), host])];
    for (const base of bases) {
      const { records, secure: proven } = await resolver.query(`_${port}._tcp.${base}`, 'TLSA');
      if (!proven || records.length === 0) continue;
      const tlsa = usableTlsa(records);
      if (tlsa.length === 0) return { kind: 'unusable' };
      return { kind: 'dane', tlsa, name: base, names: [...new Set([base, host, domain])] };
    }
    return { kind: 'none' };
  } catch (error) {
    if (error instanceof LookupFailedError) return { kind: 'failed' };
    throw error;
  }
}

/** A zone that is not signed has no TLSA records that count, and asking for them fails at some servers (§2.2.2). */
async function addressOf(host: string, resolver: Resolver): Promise<Answer<'A' | 'AAAA'> | null> {
  const answers = [await resolver.query(host, 'A'), await resolver.query(host, 'AAAA')];
  return answers.find(({ records, secure }) => records.length > 0 && secure) ?? null;
}
