// SPDX-License-Identifier: Apache-2.0
import ipaddr from 'ipaddr.js';

/** What counts as one client: an address, or the /64 that an IPv6 client chooses its addresses from. */
export function networkOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`;
}
