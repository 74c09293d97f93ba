// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { domainOf, type Address } from '@securemail/contracts';

/** Octets of the hash of the local part that stand in the name (RFC 8162 §3). */
const HASH_OCTETS = 28;

/**
 * The name at which the records of an address stand (RFC 8162 §3). The local part counts as it is written, upper and lower
 * case told apart (§4): two spellings are two mailboxes to whoever runs the domain. An {@link Address} has no quotes.
 */
export function smimeaNameOf(address: Address): string {
  const localPart = address.slice(0, address.lastIndexOf('@')).normalize('NFC');
  const hash = createHash('sha256').update(localPart).digest().subarray(0, HASH_OCTETS).toString('hex');
  return `${hash}._smimecert.${domainOf(address)}`;
}
